// The studio: the room's devices become one programme, in one of a few layouts, and go out to the stage.
// What must not be here: drawing (programme.js), mixing (programme_sound.js), requests (given as `offer` and `end`).

import { html } from 'lit';
import { Outgoing } from '../net/outgoing.js';
import { why } from '../net/problem.js';
import { factsOf } from '../state/facts.js';
import { ROOM, SHARED, SIZES } from '../state/layouts.js';
import { signers, speakers } from '../state/seats.js';
import { asked, meaning } from '../state/studio.js';
import { announce } from './announce.js';
import { Awake } from './devices.js';
import { lettersAreKeys } from './desk_help.js';
import { Inputs } from './inputs.js';
import { keep, kept } from './kept.js';
import { LiveElement, define } from './live_element.js';
import { Programme, drawsFast } from './programme.js';
import { ProgrammeSound } from './programme_sound.js';
import { Projector } from './projector.js';
import { layoutButtons, lowerForm, sceneOf, sending, setUp } from './studio_parts.js';
import { seatList } from './studio_seats.js';
import { StudioTable } from './studio_table.js';
import './table_links.js';
import { t } from '../i18n.js';

/** What this browser tab remembers, so that a page which is loaded again goes on: 'open' or 'sending'. */
const GOES_ON = 'tablee.studio';
/** ms between two looks at how loud it is. */
const METER = 100;

export class Studio extends LiveElement {
  static properties = { live: { attribute: false }, layout: { state: true }, lower: { state: true }, named: { state: true }, slate: { state: true } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    this.event = '';
    /** @type {import('../state/layouts.js').Layout} */
    this.layout = 'slate';
    /** The name at the foot, and whether it is shown. */
    this.lower = { name: '', title: '' };
    this.named = false;
    this.slate = kept('slate') ?? '';
    this.size = kept('programme') ?? '';
    /** The language of interpretation; empty: there is none. */
    this.interpreted = kept('interpreted') ?? '';
    /** @type {(sdp: string, interpreted: string) => Promise<{sdp: string, where: string}>} */
    this.offer = () => Promise.reject(new Error('not ready'));
    /** @type {(where: string) => Promise<unknown>} */
    this.end = () => Promise.resolve();
    this.inputs = new Inputs();
    this.outgoing = new Outgoing((sdp) => this.offer(sdp, this.interpreted), (where) => this.end(where));
    /** @type {Programme|null} */
    this.programme = null;
    /** Made when a microphone is first turned on: browsers want a press before. @type {ProgrammeSound|null} */
    this.sound = null;
    this.awake = new Awake();
    this.said = 'idle';
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    this.aloud = true;
    this.table = new StudioTable({ session: () => this.session, sound: () => this.mixer, picture: () => this.programme?.track });
    this.projector = new Projector();
  }

  /** @returns {ProgrammeSound} */
  get mixer() {
    this.sound ??= new ProgrammeSound();
    return this.sound;
  }

  /** Those who are seen and heard, in order. */
  get people() {
    return speakers(this.live?.seats);
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('pagehide', () => this.#close());
    addEventListener('beforeunload', (event) => this.outgoing.on && event.preventDefault());
    addEventListener('keydown', (event) => this.#key(event));
    this.inputs.addEventListener('change', (event) => this.#input(/** @type {CustomEvent} */ (event).detail));
    this.outgoing.addEventListener('change', () => this.#went());
    this.table.addEventListener('change', () => this.requestUpdate());
    this.table.addEventListener('media', (event) => this.#seen(/** @type {CustomEvent} */ (event).detail));
    this.meter = window.setInterval(() => this.#measure(), METER);
  }

  firstUpdated() {
    if (!(this.size in SIZES)) this.size = drawsFast() ? '720p25' : '360p15';
    this.#begin();
    this.#goOn(sessionStorage.getItem(GOES_ON));
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('live')) return;
    if (this.layout === 'question' && !asked(this.live)) this.layout = ROOM;
    const before = speakers(/** @type {import('../state/types.js').Live|null} */ (changed.get('live'))?.seats).length;
    const { people } = this;
    if (people.length > before && this.layout === ROOM) this.layout = 'beside'; // whoever is taken is seen
    if (!people.length && ['beside', 'people'].includes(this.layout)) this.layout = ROOM;
    this.table.follow(this.live?.seats ?? {});
  }

  updated() {
    this.programme?.show(sceneOf(this));
    const shown = (/** @type {import('../state/types.js').Seat} */ seat) => ({ seat, stream: this.table.stream(seat.id) });
    this.projector.show(this.people.map(shown), asked(this.live), { people: signers(this.live?.seats).map(shown), size: this.table.signing });
  }

  /** @param {import('../state/types.js').Signal} signal */
  hear(signal) {
    this.table.hear(signal);
  }

  render() {
    return html`<div class="studio__main">
        <div class="studio__frame ${this.outgoing.state === 'sending' ? 'studio__frame--live' : ''}"><canvas class="studio__picture" role="img" aria-label=${t('studio.programme', { layout: t(`studio.layout.${this.layout}`) })}></canvas></div>
        ${layoutButtons(this)}
        ${sending(this)}
      </div>
      <div class="studio__side">
        ${seatList(this)}
        ${lowerForm(this)}
        ${setUp(this)}
        <tablee-table-links .session=${this.session} .live=${this.live}></tablee-table-links>
      </div>`;
  }

  get facts() {
    return factsOf(this.live);
  }

  /** What was refused, or cannot be had, in words. */
  get trouble() {
    if (this.outgoing.state === 'refused') return why(this.outgoing.whip?.failure);
    if (this.table.failure) return why(this.table.failure);
    return this.inputs.trouble ? t(this.inputs.trouble) : '';
  }

  /** Whether a layout has what it shows. @param {import('../state/layouts.js').Layout} layout */
  can(layout) {
    if (layout === 'question') return Boolean(asked(this.live));
    if (layout === 'beside' || layout === 'people') return this.people.length > 0;
    return layout === 'screen' || layout === 'inset' ? Boolean(this.inputs.tracks.screen) || (layout === 'inset' && this.people.length > 0) : true;
  }

  /** @param {import('../state/layouts.js').Layout} layout */
  cut(layout) {
    if (!this.can(layout)) return;
    this.layout = layout;
    announce(t(`studio.layout.${layout}`));
  }

  open() {
    this.mixer.wake();
    sessionStorage.setItem(GOES_ON, this.outgoing.on ? 'sending' : 'open');
    if (this.layout === 'slate' && !this.outgoing.on) this.layout = ROOM;
    return this.inputs.open();
  }

  share() {
    if (this.inputs.tracks.screen) this.inputs.drop('screen');
    else this.inputs.take('screen');
  }

  mute() {
    if (!this.sound) return;
    this.sound.mute(!this.sound.silent);
    announce(t(this.sound.silent ? 'studio.muted' : 'studio.heard'));
    this.requestUpdate();
  }

  go() {
    sessionStorage.setItem(GOES_ON, this.outgoing.on ? 'open' : 'sending');
    if (this.outgoing.on) return this.outgoing.stop();
    this.mixer.wake();
    const tracks = [this.programme?.track, this.mixer.track, this.interpreted ? this.mixer.translation : undefined].filter((track) => track !== undefined);
    return this.outgoing.send(tracks, SIZES[this.size]?.kbits ?? 0);
  }

  /** Whether those at the table are heard by the loudspeakers of this computer. @param {boolean} aloud */
  speak(aloud) {
    this.aloud = aloud;
    this.sound?.loud(aloud);
    this.requestUpdate();
  }

  /** The window for the projector, opened or closed. */
  project() {
    this.projector.turn();
    this.requestUpdate();
  }

  /** Nobody at the table is heard any more, at one press; or all again. */
  hush() {
    this.table.hush(!this.table.hushed);
    announce(t(this.table.hushed ? 'studio.hushed' : 'studio.unhushed'));
  }

  /** The first who is ready is taken; the last who came goes off. @param {'take'|'off_air'} step */
  step(step) {
    const seats = Object.values(this.live?.seats ?? {});
    const seat = step === 'take' ? seats.filter(({ state }) => state === 'ready').sort((a, b) => (a.since < b.since ? -1 : 1))[0] : this.people.at(-1);
    if (seat) this.table.move(seat, step);
  }

  /** @param {string} size */
  resize(size) {
    if (this.outgoing.on || this.table.calls.size) return;
    this.size = size;
    keep('programme', size);
    this.#begin();
  }

  /** @param {string} language  Of interpretation; empty: none. */
  interpret(language) {
    if (this.outgoing.on) return;
    this.interpreted = language;
    keep('interpreted', language);
    this.requestUpdate();
  }

  /** @param {string} words */
  pause(words) {
    this.slate = words.trim();
    keep('slate', this.slate);
  }

  /** As it was before this page was loaded again. @param {string|null} how */
  async #goOn(how) {
    if (!how) return;
    await this.open();
    if (how === 'sending' && !this.outgoing.on) this.go();
  }

  #begin() {
    this.programme?.close();
    const canvas = /** @type {HTMLCanvasElement} */ (this.querySelector('canvas'));
    const size = SIZES[this.size];
    if (size) this.programme = new Programme(canvas, size);
    for (const [id, input] of /** @type {const} */ ([[ROOM, 'room'], [SHARED, 'screen']])) this.programme?.place(id, streamOf(this.inputs.tracks[input]));
    this.requestUpdate();
  }

  /** @param {import('./inputs.js').Input|null} what */
  #input(what) {
    const { tracks } = this.inputs;
    if (what === 'sound') this.sound?.hear(tracks.sound);
    else if (what) this.programme?.place(what === 'room' ? ROOM : SHARED, streamOf(tracks[what]));
    if (what === 'screen' && !tracks.screen && !this.can(this.layout)) this.layout = ROOM;
    else if (what === 'screen' && tracks.screen && this.layout === ROOM) this.layout = 'inset';
    this.requestUpdate();
  }

  /** Somebody's picture and voice came, or went. @param {string} id */
  #seen(id) {
    this.programme?.place(id, this.table.stream(id));
    this.sound?.loud(this.aloud);
    this.requestUpdate();
  }

  #went() {
    const { state } = this.outgoing;
    if (state !== this.said) announce(t(`camera.state.${state}`));
    this.said = state;
    this.awake.keep(this.outgoing.on);
    this.requestUpdate();
  }

  #measure() {
    this.querySelector('.camera__level rect:last-child')?.setAttribute('width', String((this.sound?.level() ?? 0) * 60));
    for (const one of this.querySelectorAll('[data-seat]')) {
      one.querySelector('.level__now')?.setAttribute('width', String((this.sound?.level(/** @type {HTMLElement} */ (one).dataset.seat) ?? 0) * 60));
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const meant = lettersAreKeys() ? meaning(event, /** @type {Element} */ (event.target).tagName) : null;
    if (!meant) return;
    event.preventDefault();
    if ('layout' in meant) return this.cut(meant.layout);
    if (meant.command === 'mute') return this.mute();
    if (meant.command === 'hush') return this.hush();
    if (meant.command === 'lower') this.named = !this.named && Boolean(this.lower.name);
    else this.step(/** @type {'take'|'off_air'} */ (meant.command));
    return undefined;
  }

  #close() {
    clearInterval(this.meter);
    this.projector.close();
    this.table.close();
    this.outgoing.stop();
    this.inputs.close();
    this.programme?.close();
    this.sound?.close();
    this.awake.keep(false);
  }
}

/** @param {MediaStreamTrack|null} track */
const streamOf = (track) => track && new MediaStream([track]);

define('tablee-studio', Studio);
