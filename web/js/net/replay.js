// A recorded session in one <video>: hls.js or the browser's own HLS, taken up where it was after every failure.
// What must not be here: words, buttons, the live stream (playback.js).

import { hlsClass } from './hls_class.js';
import { SessionEnded } from './pass.js';
import { pause } from './retry.js';

/** @typedef {'loading'|'ready'|'retrying'|'absent'|'ended'} ReplayState  `absent`: it is not there any more; `ended` by the session. */

/** Picture already shown that is kept, in s: going back a little costs nothing. */
const BEHIND = 60;

export class Replay {
  /**
   * @param {HTMLVideoElement} video
   * @param {object} deps
   * @param {() => Promise<unknown>} deps.renew  Fetches a new pass, hence a new media cookie.
   * @param {(state: ReplayState) => void} deps.onState
   */
  constructor(video, { renew, onState }) {
    this.video = video;
    this.renew = renew;
    this.onState = onState;
    this.url = '';
    /** @type {import('hls.js').default|null} */
    this.hls = null;
    this.turn = 0;
    this.tries = 0;
    video.addEventListener('loadeddata', () => {
      this.tries = 0;
      this.onState('ready');
    });
    video.addEventListener('error', () => this.video.hasAttribute('src') && !this.hls && this.#failed(0));
  }

  /** @param {string} url @param {number} at  The second to begin at. */
  async open(url, at) {
    this.url = url;
    const turn = ++this.turn;
    this.onState('loading');
    const Hls = await hlsClass().catch(() => null);
    if (turn !== this.turn) return;
    this.#leave();
    if (!Hls) return this.#failed(0);
    if (!Hls.isSupported()) {
      this.video.src = `${url}#t=${at}`;
      return;
    }
    this.hls = new Hls({ lowLatencyMode: false, startPosition: at, backBufferLength: BEHIND, capLevelToPlayerSize: true, enableWorker: false });
    this.hls.on(Hls.Events.ERROR, (_event, error) => {
      if (!error.fatal) return;
      if (error.type === Hls.ErrorTypes.MEDIA_ERROR && this.tries++ === 0) this.hls?.recoverMediaError();
      else this.#failed(error.response?.code ?? 0);
    });
    this.hls.loadSource(url);
    this.hls.attachMedia(this.video);
  }

  close() {
    this.turn += 1;
    this.#leave();
    this.video.removeAttribute('src');
    this.video.load();
  }

  #leave() {
    this.hls?.destroy();
    this.hls = null;
  }

  /** @param {number} status  Of HTTP, 0 without one. */
  #failed(status) {
    const turn = ++this.turn;
    const at = this.video.currentTime;
    this.#leave();
    if (status === 404) return this.onState('absent');
    this.onState('retrying');
    const again = () => void (turn === this.turn && this.open(this.url, at));
    const renewed = () => this.renew().then(again, (failure) => (failure instanceof SessionEnded ? this.onState('ended') : again()));
    setTimeout(status === 401 || status === 403 ? renewed : again, pause(this.tries++, Math.random()));
  }
}
