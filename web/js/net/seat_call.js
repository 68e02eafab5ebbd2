// The call between a seat and the studio, as the person's page keeps it: asks for one, answers it, gives way, says good-bye.
// It owns its connection and its timers until `close`, not the tracks it sends. What must not be here: devices, the page.

import { Peer, measure } from './peer.js';
import { Signalling, told } from './signalling.js';

/** ms until a call is asked for again while there is none; it was asked for at once. */
const AGAIN = 4_000;
/** bit/s of one's own picture. */
const BITRATE = 900_000;

/** Fires 'change' (state), 'media' (a track came), 'elsewhere' (another page of the same person has the seat now). */
export class SeatCall extends EventTarget {
  /** @param {{api: import('./api.js').Api, seat: string, ice: RTCConfiguration}} how */
  constructor({ api, seat, ice }) {
    super();
    this.signals = new Signalling(api, seat, 'seat');
    this.ice = ice;
    /** @type {Record<string, MediaStreamTrack|null>} */
    this.tracks = { audio: null, video: null };
    this.remote = new MediaStream();
    /** @type {Peer|null} */
    this.peer = null;
    this.client = crypto.randomUUID();
    this.closed = false;
    this.timer = 0;
    this.#ask();
  }

  /** @returns {'connecting'|'connected'|'lost'} */
  get state() {
    const state = this.peer?.state ?? 'new';
    if (state === 'connected') return 'connected';
    return state === 'disconnected' || state === 'failed' ? 'lost' : 'connecting';
  }

  /** Another microphone or camera, or none, without a break. @param {'audio'|'video'} kind @param {MediaStreamTrack|null} track */
  async send(kind, track) {
    this.tracks[kind] = track;
    await Promise.all(this.#ways(kind).map((way) => {
      way.direction = directionOf(track);
      return way.sender.replaceTrack(track);
    }));
  }

  /** @param {import('../state/types.js').Signal} signal */
  hear(signal) {
    const said = told(signal);
    if (!said || this.closed) return;
    if (said.kind === 'restart') return this.#ask();
    if (said.client !== this.client) return void (said.kind === 'bye' && this.#yield());
    if (said.kind === 'bye') return void (this.peer?.call === said.call && this.#leave());
    if (said.kind === 'offer' && said.call !== this.peer?.call) this.#answer(said.call);
    if (said.call === this.peer?.call) this.peer.take(said);
  }

  measure() {
    return this.peer ? measure(this.peer.connection) : Promise.resolve({ roundTrip: 0, lost: 0, width: 0, height: 0, bytes: 0 });
  }

  /** @param {boolean} [say]  Whether the other end is told: a seat that has ended says it by itself. */
  close(say = false) {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.timer);
    this.signals.forget();
    if (this.peer && say) this.#tell({ kind: 'bye', call: this.peer.call, body: null });
    this.peer?.close();
  }

  /** Another page of this person took the seat over. */
  #yield() {
    this.closed = true;
    clearTimeout(this.timer);
    this.peer?.close();
    this.dispatchEvent(new Event('elsewhere'));
  }

  /** @param {import('./peer.js').Said} said */
  #tell(said) {
    this.signals.tell({ ...said, client: this.client });
  }

  /** @param {string} call */
  #answer(call) {
    this.#leave(false);
    const peer = (this.peer = new Peer({ call, polite: true, ice: this.ice, tell: (said) => this.#tell(said) }));
    this.remote = new MediaStream();
    peer.addEventListener('offered', () => this.#bring(peer));
    peer.addEventListener('change', () => peer === this.peer && this.#changed());
    peer.addEventListener('track', (event) => {
      if (peer !== this.peer) return;
      this.remote.addTrack(/** @type {CustomEvent} */ (event).detail.track);
      this.dispatchEvent(new Event('media'));
    });
  }

  /** Each kind goes the way that the studio opened for it. @param {Peer} peer */
  #bring(peer) {
    for (const transceiver of peer.connection.getTransceivers()) {
      const kind = /** @type {'audio'|'video'} */ (transceiver.receiver.track.kind);
      transceiver.direction = directionOf(this.tracks[kind]);
      this.#bringOne(transceiver.sender, kind).catch(() => {}); // closed meanwhile
    }
  }

  /** @param {RTCRtpSender} sender @param {'audio'|'video'} kind */
  async #bringOne(sender, kind) {
    await sender.replaceTrack(this.tracks[kind] ?? null);
    if (kind === 'video') await thin(sender);
  }

  /** @param {'audio'|'video'} kind */
  #ways(kind) {
    const ways = this.peer?.connection.getTransceivers() ?? [];
    return ways.filter(({ receiver, currentDirection }) => receiver.track.kind === kind && currentDirection !== 'stopped');
  }

  #changed() {
    if (this.state === 'connected') clearTimeout(this.timer);
    else if (this.state === 'lost') this.#ask();
    this.dispatchEvent(new Event('change'));
  }

  #leave(ask = true) {
    const { peer } = this;
    this.peer = null;
    peer?.close();
    if (ask) this.#ask();
    if (ask) this.dispatchEvent(new Event('change'));
  }

  /** At once, and again until there is a connection. */
  #ask() {
    clearTimeout(this.timer);
    if (this.closed || this.state === 'connected') return;
    this.#tell({ kind: 'restart', call: this.peer?.call ?? '', body: null });
    this.timer = window.setTimeout(() => this.#ask(), AGAIN);
  }
}

/** The other end learns by it that nothing comes of what is not there: else the last picture would stand still. @param {MediaStreamTrack|null|undefined} track */
const directionOf = (track) => (track ? 'sendrecv' : 'recvonly');

/** @param {RTCRtpSender} sender */
async function thin(sender) {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings ?? []) encoding.maxBitrate = BITRATE;
  await sender.setParameters(parameters);
}
