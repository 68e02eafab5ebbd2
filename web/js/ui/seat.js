// One's own seat: the invitation, what one agrees to, the devices, the test call, on air, and out again. It owns devices and call, until the seat
// ends or another page has it. What must not be here: templates (seat_parts.js), negotiating (net/seat_call.js).

import { Api } from '../net/api.js';
import { SeatCall } from '../net/seat_call.js';
import { comeByLink, moveSeat, readConsent, readIce } from '../net/table.js';
import { connected, pictured, quality, standing } from '../state/seats.js';
import { announce } from './announce.js';
import { Awake, NONE, possible } from './devices.js';
import { Inputs } from './inputs.js';
import { attempt } from './attempt.js';
import { LiveElement, define } from './live_element.js';
import { ProgrammeSink } from './programme_sink.js';
import { atTheTable, checking, expected, invitation, over, taken } from './seat_parts.js';
import { SoundMeter } from './sound_meter.js';
import { language, t } from '../i18n.js';

/** @typedef {import('../state/types.js').Seat & {studio: boolean}} OwnSeat */

/** ms between two looks at the countdown and at the line. */
const LOOK = 1_000;
/** Lines of the picture that one sends. */
const LINES = 360;
/** What this browser tab remembers: that it has the seat, and comes back to it when it is loaded again. */
const MINE = 'tablee.seat';

export class OwnSeatPanel extends LiveElement {
  static properties = { live: { attribute: false }, wants: { state: true }, now: { state: true }, words: { state: true }, voice: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** Whether the invitation was answered with yes, and what one agrees to is read. */
    this.wants = false;
    this.voice = false;
    this.now = Date.now();
    /** Why something was refused. */
    this.words = '';
    /** @type {{version: string, sentences: Record<string, string>}|null} */
    this.consent = null;
    /** @type {Inputs|null} */
    this.inputs = null;
    /** @type {SeatCall|null} */
    this.call = null;
    /** Whether another page of the same person has the seat. */
    this.elsewhere = false;
    this.line = { roundTrip: 0, lost: 0, width: 0, height: 0, bytes: 0 };
    this.silent = false;
    this.sink = new ProgrammeSink();
    this.awake = new Awake();
    this.said = '';
    this.beginning = false;
    this.joining = false;
    /** Of the link to the table by which this page was opened; whether its holder does not want to be asked now. */
    this.token = new URLSearchParams(location.search).get('table') ?? '';
    this.away = false;
    /** The seat whose end was read. */
    this.dismissed = '';
    this.timer = 0;
    this.meter = new SoundMeter((level) => this.querySelector('.seat__level rect:last-child')?.setAttribute('width', String(level * 60)));
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = window.setInterval(() => this.#look(), LOOK);
    addEventListener('pagehide', () => this.call?.close(true));
    addEventListener('beforeunload', (event) => this.seat?.state === 'on_air' && this.call && event.preventDefault());
  }

  /** @returns {OwnSeat|null} */
  get seat() {
    return this.live?.my_seat ?? null;
  }

  /** @returns {Api} */
  get api() {
    const { passes, lang } = /** @type {import('../net/live.js').LiveSession} */ (this.session);
    return new Api({ fetch: globalThis.fetch.bind(globalThis), passes, lang });
  }

  /** How the line to the room is, in a word. */
  get quality() {
    return this.call?.state === 'connected' ? quality(this.line) : (this.call?.state ?? 'connecting');
  }

  /** @param {import('../state/types.js').Signal} signal */
  hear(signal) {
    if (signal.from === 'studio' && signal.seat === this.seat?.id) this.call?.hear(signal);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('live')) return;
    const { seat } = this;
    if (seat && connected(seat) && !this.call && !this.elsewhere && sessionStorage.getItem(MINE) === seat.id) this.begin();
    if (!seat || !standing(seat)) this.#end();
    const state = seat?.state ?? '';
    if (state !== this.said && (this.call || ['invited', 'removed'].includes(state))) announce(t(`seat.said.${state || 'left'}`));
    this.said = state;
    this.#mark();
  }

  updated() {
    const own = /** @type {HTMLVideoElement|null} */ (this.querySelector('.seat__own'));
    const track = this.inputs?.tracks.room ?? null;
    if (own && /** @type {MediaStream|null} */ (own.srcObject)?.getTracks()[0] !== (track ?? undefined)) own.srcObject = track && new MediaStream([track]);
    const room = this.querySelector('.seat__room');
    if (room) this.sink.show(room);
  }

  render() {
    const { seat } = this;
    if (!seat || (!standing(seat) && !this.#justOver(seat))) return this.token && !this.away ? expected(this) : '';
    const inside = !standing(seat) ? over(this, seat) : seat.state === 'invited' ? invitation(this, seat)
      : this.elsewhere || !(this.call || this.joining || this.beginning) ? taken(this) : seat.state === 'checking' ? checking(this, seat) : atTheTable(this, seat);
    return inside;
  }

  /** What became of it is said for a minute. @param {OwnSeat} seat */
  #justOver(seat) {
    return this.dismissed !== seat.id && seat.state !== 'declined' && this.now - Date.parse(seat.since) < 60_000;
  }

  dismiss() {
    this.dismissed = this.seat?.id ?? '';
    this.requestUpdate();
  }

  // --- what is pressed -------------------------------------------------------------------------------------------------------------
  /** By one's link: the invitation is there at once, and answered with yes. */
  async enter() {
    const { session } = this;
    if (!session) return;
    await attempt(this, async () => {
      session.learn('my_seat', { studio: Boolean(this.seat?.studio), ...(await comeByLink(this.api, session.session, this.token)) });
    });
    if (!this.words && this.seat?.state === 'invited') await this.come();
  }

  later() {
    this.away = true;
    this.requestUpdate();
  }

  async come() {
    await attempt(this, async () => {
      this.consent = await readConsent(this.api);
      this.wants = true;
    });
  }

  /** @param {string} name @param {string} title */
  async accept(name, title) {
    const details = { voice_only: this.voice, name, title, consent: this.consent?.version ?? '' };
    this.joining = true;
    if (await this.step('accept', details)) await this.begin();
    this.joining = false;
  }

  /** @param {import('../net/table.js').SeatStep} step @param {object} [details] */
  async step(step, details) {
    const { seat } = this;
    if (!seat) return false;
    return attempt(this, async () => {
      this.session?.learn('my_seat', { ...seat, ...(await moveSeat(this.api, seat, step, details)) });
    });
  }

  ready() {
    const { width = 0, height = 0 } = this.inputs?.tracks.room?.getSettings() ?? {};
    return this.step('ready', { round_trip_ms: this.line.roundTrip, picture: width && height ? `${width}x${height}` : '' });
  }

  async leave() {
    if (await this.step('leave')) this.#end();
  }

  /** One's own microphone, here: whoever leads may mute as well. */
  mute() {
    this.silent = !this.silent;
    const { sound = null } = this.inputs?.tracks ?? {};
    if (sound) sound.enabled = !this.silent;
    announce(t(this.silent ? 'seat.muted' : 'seat.heard'));
    this.requestUpdate();
  }

  /** Without a picture, where the line is too thin for one. */
  voiceAlone() {
    this.inputs?.choose('video', NONE);
  }

  /** This page has the seat from now on: its devices, its call. */
  async begin() {
    const { seat } = this;
    if (!seat || this.call || this.beginning) return;
    this.beginning = true;
    this.elsewhere = false;
    sessionStorage.setItem(MINE, seat.id);
    await attempt(this, async () => {
      const inputs = (this.inputs = new Inputs(LINES));
      inputs.addEventListener('change', (event) => this.#input(/** @type {CustomEvent} */ (event).detail));
      if (!pictured(seat)) inputs.from.video = NONE;
      if (possible()) await inputs.open();
      const ice = await readIce(this.api);
      if (this.inputs === inputs) this.#connect(seat.id, ice); // the seat may have ended meanwhile
    });
    this.beginning = false;
    this.requestUpdate();
  }

  /** @param {string} id @param {RTCConfiguration} ice */
  #connect(id, ice) {
    const call = (this.call = new SeatCall({ api: this.api, seat: id, ice }));
    call.addEventListener('change', () => this.requestUpdate());
    call.addEventListener('media', () => this.sink.play(call.remote));
    call.addEventListener('elsewhere', () => this.#yield());
    call.tracks = { audio: this.inputs?.tracks.sound ?? null, video: this.inputs?.tracks.room ?? null };
    this.#mark();
  }

  // --- inside ----------------------------------------------------------------------------------------------------------------------
  /** @param {import('./inputs.js').Input|null} what */
  #input(what) {
    const { tracks } = /** @type {Inputs} */ (this.inputs);
    if (what === 'sound') {
      if (tracks.sound) tracks.sound.enabled = !this.silent;
      this.meter.listen(tracks.sound);
    }
    if (what === 'sound' || what === 'room') this.call?.send(what === 'sound' ? 'audio' : 'video', tracks[what]).catch(() => {}); // closed meanwhile
    this.requestUpdate();
  }

  #yield() {
    this.elsewhere = true;
    this.#release();
    this.requestUpdate();
  }

  #end() {
    sessionStorage.removeItem(MINE);
    this.wants = false;
    this.elsewhere = false;
    this.silent = false;
    this.#release();
    this.#mark();
  }

  #release() {
    this.call?.close();
    this.inputs?.close();
    this.meter.close();
    this.sink.stop();
    this.awake.keep(false);
    this.call = null;
    this.inputs = null;
  }

  /** The page around it knows: the stage, which is later, is silent meanwhile; whoever is on air sees it at the edge of the screen. */
  #mark() {
    const { dataset } = document.documentElement;
    const before = dataset.table;
    if (this.call && this.seat) dataset.table = this.seat.state;
    else delete dataset.table;
    if (before === dataset.table) return;
    this.awake.keep(Boolean(this.call));
    this.session?.changed();
  }

  async #look() {
    this.now = Date.now();
    if (this.call?.state === 'connected') this.line = await this.call.measure();
  }

  get consentWords() {
    return this.consent?.sentences[language()] ?? Object.values(this.consent?.sentences ?? {})[0] ?? '';
  }
}

define('tablee-seat', OwnSeatPanel);
