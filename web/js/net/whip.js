// Sends a picture and a sound to a stage (WHIP, RFC 9725): one offer, one answer, and the same again when the line was lost.
// What must not be here: devices, the page.

import { Problem, Unreachable } from './problem.js';

/** @typedef {'idle'|'connecting'|'sending'|'lost'|'refused'} WhipState */

/** How long candidates are gathered for, in ms; those that came are enough. */
const GATHERING = 2_000;
/** How long a line may be away before it is made anew, in ms. */
const AWAY = 3_000;
/** Pauses between tries, in ms; the last one for as long as it takes. */
const PAUSES = [500, 1_000, 2_000, 4_000];
/** How long a stage may take to answer that it is over, in ms. */
const FAREWELL = 2_000;
/** kbit/s of the picture to begin with. */
const FIRST_KBITRATE = 1_200;
/** kbit/s under which a line is not believed to be: a still picture needs next to nothing, a line that was measured by it alone would not be given
 * the next moving one, and the browser would hold pictures back for good. */
const LEAST_KBITRATE = 300;
/** bit/s of the picture: more than the stage's best rung needs. */
const MOST_BITRATE = 3_000_000;

export class Whip extends EventTarget {
  /**
   * @param {(sdp: string) => Promise<{sdp: string, where: string}>} offer
   * @param {(where: string) => Promise<unknown>} end  Tells the stage that it is over.
   * @param {number} bitrate  The most for the picture, in bit/s.
   */
  constructor(offer, end, bitrate = MOST_BITRATE) {
    super();
    this.bitrate = bitrate;
    this.offer = offer;
    this.end = end;
    /** @type {WhipState} */
    this.state = 'idle';
    /** Why it was refused. @type {unknown} */
    this.failure = null;
    /** @type {RTCPeerConnection|null} */
    this.connection = null;
    /** @type {MediaStreamTrack[]} */
    this.tracks = [];
    this.where = '';
    this.tries = 0;
    this.timer = 0;
  }

  /** @param {MediaStreamTrack[]} tracks  At most one picture; a second sound is of whoever interprets. */
  start(tracks) {
    this.tracks = tracks;
    this.tries = 0;
    return this.#connect();
  }

  /** Another camera or microphone, without a break; none, or one more, with a short one. @param {string} kind @param {MediaStreamTrack|null} track */
  async swap(kind, track) {
    this.tracks = this.tracks.filter((one) => one.kind !== kind).concat(track ?? []);
    const sender = this.connection?.getSenders().find((one) => one.track?.kind === kind);
    if (sender && track) await sender.replaceTrack(track);
    else if (this.connection) await this.#connect();
  }

  stop() {
    this.#close();
    this.#become('idle');
  }

  async #connect() {
    this.#close();
    if (this.state !== 'lost') this.#become('connecting');
    const connection = (this.connection = new RTCPeerConnection());
    try {
      for (const track of this.tracks) prepare(connection, track, this.bitrate);
      connection.onconnectionstatechange = () => this.#follow(connection);
      await connection.setLocalDescription();
      await gathered(connection);
      const { sdp, where } = await this.offer(connection.localDescription?.sdp ?? '');
      if (this.connection !== connection) {
        await this.end(where);
        return connection.close();
      }
      this.where = where;
      await connection.setRemoteDescription({ type: 'answer', sdp: sooner(sdp) });
    } catch (failure) {
      if (this.connection === connection) this.#missed(failure);
    }
  }

  /** @param {RTCPeerConnection} connection */
  #follow(connection) {
    if (this.connection !== connection) return;
    clearTimeout(this.timer);
    const { connectionState: state } = connection;
    if (state === 'connected') {
      this.tries = 0;
      this.#become('sending');
    } else if (state === 'disconnected') {
      this.#become('lost');
      this.timer = window.setTimeout(() => this.#connect(), AWAY);
    } else if (state === 'failed') this.#missed(new Unreachable());
  }

  /** What a person must mend is said once; a line comes back by itself. @param {unknown} failure */
  #missed(failure) {
    const mine = failure instanceof Problem && failure.code === 'streaming.rtmp.busy' && this.tries > 0;
    if (failure instanceof Unreachable || mine || (failure instanceof Problem && failure.status >= 500)) {
      this.#become('lost');
      this.timer = window.setTimeout(() => this.#connect(), PAUSES[Math.min(this.tries++, PAUSES.length - 1)]);
    } else {
      this.#close();
      this.failure = failure;
      this.#become('refused');
    }
  }

  #close() {
    clearTimeout(this.timer);
    const { connection, where } = this;
    this.connection = null;
    this.where = '';
    connection?.getSenders().forEach((sender) => sender.replaceTrack(null).catch(() => {}));
    // Said before the line goes: one that merely goes counts as lost.
    Promise.race([where && this.end(where), new Promise((done) => setTimeout(done, where ? FAREWELL : 0))]).then(() => connection?.close());
  }

  /** @param {WhipState} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

/** Chromium begins at 300 kbit/s and needs half a minute to find more; what it begins with, it gives up at once where the line is thin. @param {string} sdp */
function sooner(sdp) {
  return sdp.replace(/^a=fmtp:\d+ [^\r\n]*profile-level-id[^\r\n]*/gm, (line) => `${line};x-google-start-bitrate=${FIRST_KBITRATE};x-google-min-bitrate=${LEAST_KBITRATE}`);
}

/** H.264 first: the stage takes nothing else of a picture. @param {RTCPeerConnection} connection @param {MediaStreamTrack} track @param {number} maxBitrate */
function prepare(connection, track, maxBitrate) {
  const sendEncodings = track.kind === 'video' ? [{ maxBitrate }] : [{}];
  const transceiver = connection.addTransceiver(track, { direction: 'sendonly', sendEncodings });
  if (track.kind !== 'video') return;
  const known = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  const wanted = known.filter(({ mimeType }) => mimeType.toLowerCase() === 'video/h264');
  if (wanted.length) transceiver.setCodecPreferences([...wanted, ...known.filter((codec) => !wanted.includes(codec))]);
}

/** @param {RTCPeerConnection} connection @returns {Promise<void>} */
function gathered(connection) {
  return new Promise((done) => {
    const check = () => connection.iceGatheringState === 'complete' && done();
    connection.addEventListener('icegatheringstatechange', check);
    setTimeout(done, GATHERING);
    check();
  });
}
