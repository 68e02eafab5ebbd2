// Those at the table, as the studio keeps them: a call with each, their pictures and voices, what is heard of whom. It owns the calls, until
// `close`; one studio page speaks for a session, the newest. What must not be here: the page, the programme itself (given).

import { StudioCall } from '../net/studio_call.js';
import { holdStudio, leaveStudio, moveSeat, readIce } from '../net/table.js';
import { SIGNING } from '../state/layouts.js';
import { connected, interprets, onAir, pictured, speaks } from '../state/seats.js';
import { keep, kept } from './kept.js';

/** @typedef {import('../state/types.js').Seat} Seat */

/** ms between two words that this page is still there; the service forgets it after thirty seconds. */
const HOLD = 10_000;

/** Fires 'change' with whatever changes of its calls; 'media' when somebody's picture came or went. */
export class StudioTable extends EventTarget {
  /**
   * @param {object} how
   * @param {() => import('../net/live.js').LiveSession|null} how.session
   * @param {() => import('./programme_sound.js').ProgrammeSound} how.sound
   * @param {() => MediaStreamTrack|undefined} how.picture
   */
  constructor({ session, sound, picture }) {
    super();
    this.session = session;
    this.sound = sound;
    this.picture = picture;
    this.instance = crypto.randomUUID();
    /** Whether a newer studio page speaks for the session. */
    this.elsewhere = false;
    this.held = '';
    /** @type {Map<string, StudioCall>} */
    this.calls = new Map();
    /** @type {Record<string, Seat>} */
    this.seats = {};
    /** How loud each is, as set here: 1 is as it comes. @type {Map<string, number>} */
    this.volumes = new Map();
    /** How large interpreters into sign language are, as part of the width. */
    this.signing = Number(kept('signing')) || SIGNING.usual;
    /** Whether everybody was silenced at one press. */
    this.hushed = false;
    /** @type {RTCConfiguration|null} */
    this.ice = null;
    this.busy = false;
    this.failure = /** @type {unknown} */ (null);
    this.closed = false;
    this.timer = window.setInterval(() => this.#hold(), HOLD);
  }

  /** The seats as they are now. @param {Record<string, Seat>} seats */
  async follow(seats) {
    this.seats = seats;
    if (this.held !== this.session()?.session) await this.#hold();
    for (const id of [...this.calls.keys()]) if (!(id in seats) || !connected(/** @type {Seat} */ (seats[id]))) this.#end(id);
    const missing = Object.values(seats).filter((seat) => connected(seat) && !this.calls.has(seat.id));
    if (!this.elsewhere && this.held) missing.forEach((seat) => seat.state === 'on_air' && this.move(seat, 'off_air')); // seen by nobody yet: again by hand
    if (missing.length && !this.elsewhere && !this.closed && (await this.#way())) missing.forEach((seat) => this.#call(seat));
    for (const seat of Object.values(seats)) this.#settle(seat);
  }

  /** @param {import('../state/types.js').Signal} signal */
  hear(signal) {
    if (signal.from === 'seat') this.calls.get(signal.seat)?.hear(signal);
  }

  /** Whose picture there is, by seat; a voice has none. @param {string} id @returns {MediaStream|null} */
  stream(id) {
    const remote = this.calls.get(id)?.remote;
    const comes = remote?.getVideoTracks().some(({ muted }) => !muted); // nothing comes of a camera that was taken away: no last picture stands still
    return remote && comes ? remote : null; // a video that was given an empty stream does not begin when tracks come
  }

  /** @param {string} id @param {number} volume */
  turn(id, volume) {
    this.volumes.set(id, volume);
    if (this.seats[id]) this.#heard(this.seats[id]);
  }

  /** @param {number} part  See `signing`. */
  enlarge(part) {
    this.signing = part;
    keep('signing', String(part));
    this.#changed();
  }

  /** Nobody at the table is heard, at once; or all again who were not muted for themselves. @param {boolean} hushed */
  hush(hushed) {
    this.hushed = hushed;
    Object.values(this.seats).forEach((seat) => this.#heard(seat));
    this.#changed();
  }

  /** A step of a seat; what was refused is said by `failure`. @param {Seat} seat @param {import('../net/table.js').SeatStep} step @param {object} [details] */
  async move(seat, step, details) {
    const session = this.session();
    if (!session) return;
    try {
      this.failure = null;
      session.learn('seat', await moveSeat(session.api, seat, step, details));
    } catch (failure) {
      if (!['lost', 'back'].includes(step)) this.failure = failure; // the clock's own steps are tried anew with the next change
    }
    this.#changed();
  }

  /** This page speaks again, and the other one no more. */
  takeOver() {
    this.instance = crypto.randomUUID();
    this.elsewhere = false;
    this.held = '';
    return this.follow(this.seats);
  }

  close() {
    this.closed = true;
    clearInterval(this.timer);
    [...this.calls.keys()].forEach((id) => this.#end(id, true));
    const session = this.session();
    if (session && this.held) leaveStudio(session.api, this.held, this.instance).catch(() => {}); // forgotten in half a minute
  }

  async #hold() {
    const session = this.session();
    if (!session || this.elsewhere || this.closed) return;
    const name = session.session;
    try {
      await holdStudio(session.api, name, this.instance);
      this.held = name;
    } catch (failure) {
      if (/** @type {{code?: string}} */ (failure).code !== 'qa.studio_elsewhere') return; // said again soon
      this.elsewhere = true;
      [...this.calls.keys()].forEach((id) => this.#end(id));
      this.#changed();
    }
  }

  /** How calls find their way, asked for once. */
  async #way() {
    const session = this.session();
    if (this.ice || !session) return Boolean(this.ice);
    this.ice = await readIce(session.api).catch(() => null);
    return Boolean(this.ice);
  }

  /** @param {Seat} seat */
  #call(seat) {
    const { id } = seat;
    const picture = this.picture();
    const session = this.session();
    if (this.calls.has(id) || this.closed || !picture || !session) return;
    const call = new StudioCall({ api: session.api, seat: id, ice: this.ice ?? {}, picture, sound: this.sound().minus(id, interprets(seat)) });
    this.calls.set(id, call);
    call.addEventListener('media', () => this.#came(id, call));
    call.addEventListener('line', () => this.#changed());
    call.addEventListener('connected', () => this.#settle(this.seats[id]));
    call.addEventListener('lost', () => this.#lost(this.seats[id]));
  }

  /** @param {string} id @param {StudioCall} call */
  #came(id, call) {
    this.sound().listen(id, call.remote.getAudioTracks()[0] ?? null);
    this.dispatchEvent(new CustomEvent('media', { detail: id }));
    this.#changed();
  }

  /** Whoever is back is said to be; what is heard of them is as their seat is. @param {Seat|undefined} seat */
  #settle(seat) {
    if (!seat || !this.calls.has(seat.id)) return;
    this.#heard(seat);
    if (seat.state === 'lost' && this.calls.get(seat.id)?.connected) this.move(seat, 'back');
    this.#changed();
  }

  /** @param {Seat|undefined} seat */
  #lost(seat) {
    if (seat && ['ready', 'on_air'].includes(seat.state)) this.move(seat, 'lost');
    this.#changed();
  }

  /** @param {Seat} seat */
  #heard(seat) {
    if (!this.calls.has(seat.id)) return;
    this.sound().air(seat.id, this.#isHeard(seat) ? (this.volumes.get(seat.id) ?? 1) : 0);
    this.#interpret();
  }

  /** @param {Seat} seat */
  #isHeard = (seat) => seat.state === 'on_air' && !seat.muted && !this.hushed && (speaks(seat) || interprets(seat));

  /** Without an interpreter, whoever listens to interpretation hears the programme. */
  #interpret() {
    this.sound().interpret(onAir(this.seats).some((seat) => interprets(seat) && this.calls.has(seat.id) && this.#isHeard(seat)));
  }

  /** @param {string} id @param {boolean} [say]  Whether the other end is told. */
  #end(id, say = false) {
    this.calls.get(id)?.close(say);
    this.calls.delete(id);
    this.sound().drop(id);
    this.#interpret();
    this.dispatchEvent(new CustomEvent('media', { detail: id }));
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** Whether somebody's picture may be shown, and is there. @param {Seat} seat @param {MediaStream|null} stream */
export function seen(seat, stream) {
  return pictured(seat) && Boolean(stream?.getVideoTracks().length);
}
