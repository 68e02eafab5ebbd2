// One end of a call between the studio and a seat: an RTCPeerConnection and what its two ends tell each other (perfect negotiation, W3C WebRTC
// section 10.7). The studio makes calls, each with a name of its own, so that what belongs to an older one is never taken for the newest; its
// offer wins where both make one. What must not be here: devices, sound, where signals travel (given as `tell`).

/** @typedef {'offer'|'answer'|'candidate'|'restart'|'bye'} SignalKind */
/** @typedef {{kind: SignalKind, call: string, client: string, body: any}} Told  What one end tells the other; `client`: the page of the seat's end. */
/** @typedef {Pick<Told, 'kind'|'call'|'body'>} Said */

/** Candidates that come within so many ms travel together: each message counts. */
const TOGETHER = 120;

/** Fires 'change' with every change of its connection, 'track' with what comes in. */
export class Peer extends EventTarget {
  /**
   * @param {object} how
   * @param {string} how.call  Its name.
   * @param {boolean} how.polite  Whether it gives way; the seat does.
   * @param {RTCConfiguration} how.ice
   * @param {(said: Said) => void} how.tell
   */
  constructor({ call, polite, ice, tell }) {
    super();
    this.call = call;
    this.polite = polite;
    this.tell = tell;
    this.connection = new RTCPeerConnection(ice);
    this.offering = false;
    this.closed = false;
    /** Signals are taken one after the other. @type {Promise<void>} */
    this.taking = Promise.resolve();
    /** @type {RTCIceCandidateInit[]} */
    this.waiting = [];
    this.timer = 0;
    const { connection } = this;
    connection.onnegotiationneeded = () => this.#offer();
    connection.onicecandidate = ({ candidate }) => candidate && this.#gather(candidate.toJSON());
    connection.onconnectionstatechange = () => this.dispatchEvent(new Event('change'));
    connection.ontrack = ({ track, transceiver }) => this.dispatchEvent(new CustomEvent('track', { detail: { track, transceiver } }));
  }

  /** @returns {RTCPeerConnectionState} */
  get state() {
    return this.closed ? 'closed' : this.connection.connectionState;
  }

  /** @param {{kind: SignalKind, body: any}} signal */
  take(signal) {
    this.taking = this.taking.then(() => this.#take(signal)).catch(() => {}); // what cannot be taken is of no use: the call is made anew
    return this.taking;
  }

  /** Another way between the same two, as after another network. */
  renew() {
    if (!this.closed) this.connection.restartIce();
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.timer);
    this.connection.close();
    this.dispatchEvent(new Event('change'));
  }

  async #offer() {
    try {
      this.offering = true;
      await this.connection.setLocalDescription();
      this.#describe();
    } catch {
      // Closed meanwhile, or an offer of the other end came first.
    } finally {
      this.offering = false;
    }
  }

  /** @param {{kind: SignalKind, body: any}} signal */
  async #take({ kind, body }) {
    const { connection } = this;
    if (this.closed) return;
    if (kind === 'candidate') {
      // One of an offer that gave way is refused; those that travel with it are not.
      for (const candidate of body) await connection.addIceCandidate(candidate).catch(() => {});
      return;
    }
    const collides = kind === 'offer' && (this.offering || connection.signalingState !== 'stable');
    if (collides && !this.polite) return;
    await connection.setRemoteDescription({ type: /** @type {RTCSdpType} */ (kind), sdp: body });
    if (kind !== 'offer') return;
    this.dispatchEvent(new Event('offered'));
    await connection.setLocalDescription();
    this.#describe();
  }

  #describe() {
    const description = this.connection.localDescription;
    if (description && !this.closed) this.tell({ kind: /** @type {SignalKind} */ (description.type), call: this.call, body: description.sdp });
  }

  /** @param {RTCIceCandidateInit} candidate */
  #gather(candidate) {
    this.waiting.push(candidate);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (!this.closed) this.tell({ kind: 'candidate', call: this.call, body: this.waiting.splice(0) });
    }, TOGETHER);
  }
}

/** How good a line is, of what a browser measures (W3C webrtc-stats). @param {RTCPeerConnection} connection */
export async function measure(connection) {
  const found = { roundTrip: 0, lost: 0, width: 0, height: 0, bytes: 0 };
  const report = await connection.getStats().catch(() => null);
  report?.forEach((/** @type {any} */ one) => {
    if (one.type === 'candidate-pair' && one.nominated && one.currentRoundTripTime !== undefined) found.roundTrip = Math.round(one.currentRoundTripTime * 1000);
    if (one.type === 'remote-inbound-rtp') found.lost = Math.max(found.lost, one.fractionLost ?? 0);
    if (one.type === 'inbound-rtp') found.bytes += one.bytesReceived ?? 0;
    if (one.type === 'inbound-rtp' && one.kind === 'video') Object.assign(found, { width: one.frameWidth ?? 0, height: one.frameHeight ?? 0 });
  });
  return found;
}
