// One live stream in one <video>: kept near the live edge, brought back after every failure, its sound alone where the line is too thin.
// What must not be here: words, buttons, where the stream comes from (source.js).

import { Care } from '../state/care.js';
import { playIfAllowed } from './autoplay.js';
import { hlsClass } from './hls_class.js';
import { SessionEnded } from './pass.js';
import { pause } from './retry.js';
import { HlsSource, NativeSource } from './source.js';

/** @typedef {'loading'|'playing'|'stalled'|'absent'|'retrying'|'blocked'|'paused'|'ended'|'over'} PlaybackState  What the picture is doing; `ended` by the session, `over` for everybody. */
/** @typedef {import('./source.js').Quality} Quality */

/** Status of a stage that has ended. */
const OVER = 410;
/** ms until such a stage is looked for again, should it come back: later than the end of its list can be read, which would be played once more. */
const LOOK_AGAIN = 20_000;
/** ms between looks at the picture. */
const LOOK = 500;
/** What could not be played is tried so often before the stream is loaded anew. */
const RECOVERIES = 2;

export class Playback {
  /**
   * @param {HTMLVideoElement} video
   * @param {object} deps
   * @param {() => Promise<unknown>} deps.renew  Fetches a new pass, hence a new media cookie.
   * @param {(state: PlaybackState) => void} deps.onState
   */
  constructor(video, { renew, onState }) {
    this.video = video;
    this.renew = renew;
    this.onState = onState;
    this.url = '';
    /** @type {Quality} */
    this.quality = 'auto';
    /** @type {HlsSource|NativeSource|null} */
    this.source = null;
    /** @type {PlaybackState} */
    this.state = 'loading';
    this.tries = 0;
    this.care = new Care();
    this.turn = 0;
    this.looking = setInterval(() => this.#look(), LOOK);
    video.addEventListener('playing', () => this.#say('playing'));
    video.addEventListener('pause', () => video.ended || this.#say('paused'));
    video.addEventListener('ended', () => this.#failed(false, OVER));
  }

  get hls() {
    return this.source?.hls ?? null;
  }

  /** Whether there is sound alone, by choice or because the line is too thin. */
  get soundOnly() {
    return this.quality === 'audio' || this.care.spare.on;
  }

  /** @param {string} url @param {Quality} quality */
  async load(url, quality) {
    if (url !== this.url || this.state !== 'over') this.#say('loading');
    this.url = url;
    this.quality = quality;
    const turn = ++this.turn;
    this.care.motion.begin(Date.now());
    const Hls = await hlsClass().catch(() => null);
    if (turn !== this.turn) return;
    this.#leave();
    if (!Hls) return this.#failed(false, 0);
    const told = { ready: () => void (this.tries = 0), failed: (/** @type {boolean} */ media, /** @type {number} */ status) => turn === this.turn && this.#failed(media, status) };
    const wanted = { url, quality: /** @type {Quality} */ (this.soundOnly ? 'audio' : quality) };
    this.source = Hls.isSupported() ? new HlsSource(Hls, this.video, wanted, told) : new NativeSource(this.video, url, told.failed);
    await this.play();
  }

  async play() {
    if (!(await playIfAllowed(this.video))) this.#say('blocked');
  }

  /** Back to the live edge. */
  catchUp() {
    const edge = this.source?.edge() ?? null;
    if (edge !== null) this.video.currentTime = edge - this.care.pace.room;
    this.play();
  }

  /** The picture is tried again at once. */
  showPicture() {
    this.care.spare.again();
    return this.load(this.url, this.quality);
  }

  /** Seconds behind the source, when it is known. */
  latency() {
    return this.source?.latency() ?? null;
  }

  /** Lines of the picture shown, or null without a picture. */
  lines() {
    return this.video.videoHeight || null;
  }

  /** Nothing is shown, and nothing asked for, until the next `load`. */
  unload() {
    this.turn += 1;
    this.#leave();
    this.video.removeAttribute('src');
    this.video.load();
    this.#say('loading');
  }

  #leave() {
    this.source?.leave();
    this.source = null;
  }

  /** @param {boolean} media @param {number} status */
  #failed(media, status) {
    if (media && this.tries < RECOVERIES && this.source?.recover()) {
      this.tries += 1;
      return;
    }
    this.#say(status === OVER ? 'over' : status === 404 || status === 503 ? 'absent' : 'retrying');
    this.care.spare.forget();
    const turn = ++this.turn;
    this.#leave();
    const again = () => void (turn === this.turn && this.load(this.url, this.quality));
    const renewed = () => this.renew().then(again, (failure) => (failure instanceof SessionEnded ? this.#say('ended') : again()));
    setTimeout(status === 401 || status === 403 ? renewed : again, status === OVER ? LOOK_AGAIN : pause(this.tries++, Math.random()));
  }

  #look() {
    const { video, state } = this;
    if (video.paused) return;
    const waiting = state === 'stalled';
    const now = Date.now();
    const { say, act, rate, froze } = this.care.look({
      now, position: video.currentTime, playing: waiting || state === 'playing', waiting, picture: this.quality !== 'audio',
      behind: this.latency(), wanted: this.source?.wanted() ?? null,
      smallest: this.source?.smallest() ?? false, sound: this.source?.soundAhead() ?? 0,
    });
    if (froze) this.source?.stalled(now);
    else this.source?.plays(now);
    if (say) this.#say(say);
    if (rate !== null && rate !== video.playbackRate) video.playbackRate = rate;
    if (act === 'jump') this.catchUp();
    if (act === 'load') this.load(this.url, this.quality);
    if (act === 'begin' && (waiting || state === 'loading')) this.#failed(false, 0);
  }

  /** @param {PlaybackState} state */
  #say(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}
