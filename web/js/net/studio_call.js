// The call between the studio and one seat, as the studio keeps it: made, made anew when it does not come about, ended with the seat.
// It owns its connection and its timers until `close`. What must not be here: what is done with pictures and voices (told by events).

import { Peer, measure } from './peer.js';
import { Signalling, told } from './signalling.js';

/** ms until a call that did not come about is made anew; the last for as long as it takes. */
const TRIES = [5_000, 7_000, 10_000, 15_000];
/** ms without a connection until the seat counts as lost, and until a new way is looked for. */
const LOST = 1_000;
/** A seat may ask for a new call once in so many ms; and while one that it knows of may still come about. */
const ASKED = 1_500;
const COMES = 6_000;
/** ms between two looks at the line. */
const LOOK = 2_000;
/** bit/s of the programme to a seat: conversation, not cinema. */
const BITRATE = 500_000;

/** Fires 'connected', 'lost', 'media' (a track came, or nothing comes of it any more), 'line' (measured). */
export class StudioCall extends EventTarget {
  /**
   * @param {object} how
   * @param {import('./api.js').Api} how.api
   * @param {string} how.seat  Its id.
   * @param {RTCConfiguration} how.ice
   * @param {MediaStreamTrack} how.picture  The programme.
   * @param {MediaStreamTrack} how.sound  All but their own.
   */
  constructor({ api, seat, ice, picture, sound }) {
    super();
    this.signals = new Signalling(api, seat, 'studio');
    this.ice = ice;
    this.picture = picture;
    this.sound = sound;
    this.remote = new MediaStream();
    this.line = { roundTrip: 0, lost: 0, width: 0, height: 0, bytes: 0 };
    /** @type {Peer|null} */
    this.peer = null;
    /** The page of the seat's end; '' until it has said so. */
    this.client = '';
    this.tries = 0;
    this.made = 0;
    this.retry = 0;
    this.gone = 0;
    /** Whether it was lost and has not come back. */
    this.away = false;
    this.look = window.setInterval(() => this.#measure(), LOOK);
    this.#make();
  }

  get connected() {
    return this.peer?.state === 'connected';
  }

  /** @param {import('../state/types.js').Signal} signal */
  hear(signal) {
    const said = told(signal);
    if (!said) return;
    if (said.kind === 'restart') return this.#asked(said);
    if (said.kind === 'bye') return void (this.peer?.call === said.call && this.#away());
    if (this.peer?.call === said.call) this.peer.take(said);
  }

  /** @param {boolean} [say]  Whether the other end is told: a seat that has ended says it by itself. */
  close(say = false) {
    [this.retry, this.gone, this.look].forEach(clearTimeout);
    this.signals.forget();
    if (this.peer && say) this.#tell({ kind: 'bye', call: this.peer.call, body: null });
    this.peer?.close();
    this.peer = null;
  }

  /**
   * The page of a seat wants a call: a second one takes it over, and the first lets go. A call that it knows of gets the time to come about.
   * @param {import('./peer.js').Told} said
   */
  #asked({ client, call }) {
    const young = performance.now() - this.made < (call && call === this.peer?.call ? COMES : ASKED);
    if (client === this.client && young && this.peer && this.peer.state !== 'failed') return;
    if (client !== this.client) {
      const before = this.client;
      this.client = client;
      if (before) this.#tell({ kind: 'bye', call: this.peer?.call ?? '', body: null });
    }
    this.tries = 0;
    this.#make();
  }

  /** Before it is known which page is at the other end, it is asked. */
  #make() {
    clearTimeout(this.retry);
    clearTimeout(this.gone);
    if (this.away) this.dispatchEvent(new Event('lost')); // what was said of it may not have arrived
    this.retry = window.setTimeout(() => this.#make(), TRIES[Math.min(this.tries++, TRIES.length - 1)]);
    if (!this.client) return this.#tell({ kind: 'restart', call: '', body: null });
    this.peer?.close();
    const peer = (this.peer = new Peer({ call: crypto.randomUUID(), polite: false, ice: this.ice, tell: (said) => peer === this.peer && this.#tell(said) }));
    this.made = performance.now();
    this.remote = new MediaStream();
    peer.addEventListener('track', (event) => this.#came(peer, /** @type {CustomEvent} */ (event).detail.track));
    peer.addEventListener('change', () => peer === this.peer && this.#follow(peer));
    peer.connection.addTransceiver(this.sound, { direction: 'sendrecv' });
    const scaleResolutionDownBy = Math.max(1, (this.picture.getSettings().height ?? 360) / 360);
    peer.connection.addTransceiver(this.picture, { direction: 'sendrecv', sendEncodings: [{ maxBitrate: BITRATE, scaleResolutionDownBy }] });
  }

  /** @param {import('./peer.js').Said} said */
  #tell(said) {
    this.signals.tell({ ...said, client: this.client });
  }

  /** @param {Peer} peer @param {MediaStreamTrack} track */
  #came(peer, track) {
    if (peer !== this.peer) return;
    this.remote.addTrack(track);
    track.onmute = track.onunmute = () => peer === this.peer && this.dispatchEvent(new Event('media'));
    this.dispatchEvent(new Event('media'));
  }

  /** @param {Peer} peer */
  #follow(peer) {
    clearTimeout(this.gone);
    if (peer.state === 'connected') {
      clearTimeout(this.retry);
      this.tries = 0;
      this.away = false;
      this.dispatchEvent(new Event('connected'));
    } else if (peer.state === 'disconnected' || peer.state === 'failed') {
      this.gone = window.setTimeout(() => this.#away(), LOST);
    }
  }

  /** Looked for on another way first, then called anew. */
  #away() {
    clearTimeout(this.gone);
    this.away = true;
    this.dispatchEvent(new Event('lost'));
    this.peer?.renew();
    clearTimeout(this.retry);
    this.retry = window.setTimeout(() => this.#make(), TRIES[0]);
  }

  async #measure() {
    const { peer } = this;
    if (!peer || !this.connected) return;
    this.line = await measure(peer.connection);
    if (peer === this.peer) this.dispatchEvent(new Event('line'));
  }
}
