// One live stream in one <video>: hls.js (or the browser's own HLS), kept near the live edge, brought back after every failure.
// What must not be here: words, buttons.

import { Pace } from '../state/pace.js';
import { SessionEnded } from './pass.js';
import { pause } from './retry.js';

/** @typedef {'loading'|'playing'|'stalled'|'absent'|'retrying'|'blocked'|'paused'|'ended'|'over'} PlaybackState  What the picture is doing; `ended` by the session, `over` for everybody. */
/** @typedef {'auto'|'low'|'audio'} Quality  As much as fits, the smallest picture, or audio alone. */

/** Picture already shown that is kept, in s. */
const BEHIND = 20;
/** Without any movement for so long it wants more room, then it is a stall in words, then a reason to begin again, in ms. */
const FREEZE = 700;
const STALL = 2_500;
const GIVE_UP = 12_000;
/** Status of a stage that has ended. */
const OVER = 410;
/** ms until such a stage is looked for again, should it come back: later than the end of its list can be read, which would be played once more. */
const LOOK_AGAIN = 20_000;
/** ms between looks at the picture. */
const LOOK = 500;

/** Where a browser with its cookie finds a stage, as shared/auth/watch_keys.py says. @param {string} stage */
export const playlistOf = (stage) => `/hls/${encodeURIComponent(stage)}/index.m3u8`;

/** The player comes over the line while the questions, which are small, still wait for their answers. */
export const bringPlayer = () => void import('hls.js').catch(() => {});

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
    /** @type {import('hls.js').default|null} */
    this.hls = null;
    /** @type {PlaybackState} */
    this.state = 'loading';
    this.tries = 0;
    this.pace = new Pace();
    this.frozen = false;
    this.moved = 0;
    this.position = -1;
    this.turn = 0;
    this.looking = setInterval(() => this.#look(), LOOK);
    video.addEventListener('playing', () => this.#say('playing'));
    video.addEventListener('pause', () => video.ended || this.#say('paused'));
    video.addEventListener('ended', () => this.#failed(false, OVER));
  }

  /** @param {string} url @param {Quality} quality */
  async load(url, quality) {
    if (url !== this.url || this.state !== 'over') this.#say('loading');
    this.url = url;
    this.quality = quality;
    const turn = ++this.turn;
    this.moved = Date.now();
    const { default: Hls } = await import('hls.js');
    if (turn !== this.turn) return;
    this.hls?.destroy();
    this.hls = null;
    if (Hls.isSupported()) this.#attach(Hls, turn);
    else this.#native();
    await this.play();
  }

  /** With sound if the browser lets us, else without; else a person must press. */
  async play() {
    try {
      await this.video.play();
    } catch (refusal) {
      if (!(refusal instanceof DOMException) || refusal.name !== 'NotAllowedError') return;
      if (this.video.muted) return void this.#say('blocked');
      this.video.muted = true;
      await this.play();
    }
  }

  /** Back to the live edge. */
  catchUp() {
    const edge = this.hls?.liveSyncPosition ?? (this.video.seekable.length ? this.video.seekable.end(this.video.seekable.length - 1) - 3 : null);
    if (edge !== null && edge !== undefined) this.video.currentTime = edge - this.pace.room;
    this.play();
  }

  /** Seconds behind the source, when it is known. */
  latency() {
    return this.hls && this.hls.latency > 0 ? this.hls.latency : null;
  }

  /** Lines of the picture shown, or null without a picture. */
  lines() {
    return this.video.videoHeight || null;
  }

  /** Nothing is shown, and nothing asked for, until the next `load`. */
  unload() {
    this.turn += 1;
    this.hls?.destroy();
    this.hls = null;
    this.video.removeAttribute('src');
    this.video.load();
    this.#say('loading');
  }

  /** @param {typeof import('hls.js').default} Hls @param {number} turn */
  #attach(Hls, turn) {
    const hls = new Hls({
      lowLatencyMode: true,
      // The pace is ours: hls.js plays faster only near its target, and lets every stall raise that for good.
      maxLiveSyncPlaybackRate: 1,
      liveSyncOnStallIncrease: 0,
      backBufferLength: BEHIND,
      capLevelToPlayerSize: true,
      enableWorker: false,
    });
    this.hls = hls;
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      this.tries = 0;
      if (this.quality === 'low') hls.autoLevelCapping = 0;
    });
    hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, (_event, { audioTracks }) => {
      if (this.quality === 'audio' && audioTracks[0]?.url && hls.url !== audioTracks[0].url) hls.loadSource(audioTracks[0].url);
    });
    hls.on(Hls.Events.ERROR, (_event, error) => {
      if (error.fatal && turn === this.turn) this.#failed(error.type === Hls.ErrorTypes.MEDIA_ERROR, error.response?.code ?? 0);
    });
    hls.loadSource(this.url);
    hls.attachMedia(this.video);
  }

  #native() {
    this.video.src = this.url;
    this.video.onerror = () => this.#failed(false, 0);
  }

  /** @param {boolean} media @param {number} status */
  #failed(media, status) {
    if (media && this.tries < 2 && this.hls) {
      this.tries += 1;
      this.hls.recoverMediaError();
      return;
    }
    this.#say(status === OVER ? 'over' : status === 404 || status === 503 ? 'absent' : 'retrying');
    const turn = ++this.turn;
    this.hls?.destroy();
    this.hls = null;
    const again = () => {
      if (turn === this.turn) this.load(this.url, this.quality).catch(() => this.#failed(false, 0));
    };
    setTimeout(() => {
      if (status === 401 || status === 403) this.renew().then(again, (failure) => (failure instanceof SessionEnded ? this.#say('ended') : again()));
      else again();
    }, status === OVER ? LOOK_AGAIN : pause(this.tries++, Math.random()));
  }

  #look() {
    const { video } = this;
    if (video.paused) return;
    if (video.currentTime !== this.position) {
      this.position = video.currentTime;
      this.moved = Date.now();
      this.frozen = false;
      if (this.state === 'stalled') this.#say('playing');
      this.#keepPace();
      return;
    }
    const still = Date.now() - this.moved;
    if (still > FREEZE && !this.frozen && this.state === 'playing') {
      this.frozen = true;
      this.pace.stalled(Date.now());
    }
    if (still > STALL && this.state === 'playing') this.#say('stalled');
    if (still > GIVE_UP && (this.state === 'stalled' || this.state === 'loading')) {
      this.moved = Date.now();
      this.#failed(false, 0);
    }
  }

  #keepPace() {
    const [behind, wanted] = [this.latency(), this.hls?.targetLatency ?? null];
    if (behind === null || wanted === null) return;
    const { rate, jump } = this.pace.step(behind, wanted, Date.now());
    if (jump) this.catchUp();
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
  }

  /** @param {PlaybackState} state */
  #say(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}
