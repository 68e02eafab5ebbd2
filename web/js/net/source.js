// Where one <video> gets its stream from: hls.js, or the browser's own HLS. One address each, until it is left.
// What must not be here: when to begin again (playback.js), at what speed to play (state/pace.js).

import { Climb } from '../state/climb.js';
import { listLoader } from './first_list.js';

/** @typedef {'auto'|'low'|'audio'} Quality  As much as fits, the smallest picture, or sound alone. */
/** @typedef {import('./hls_class.js').HlsClass} HlsClass */

/**
 * @typedef {object} Told
 * @property {() => void} ready  The list of what there is has come.
 * @property {(media: boolean, status: number) => void} failed  For good; `media`: what came could not be played; `status` of HTTP, 0 without one.
 */

/** Picture already shown that is kept, in s. */
const BEHIND = 20;
/** Before the end of what the browser's own HLS offers, in s. */
const MARGIN = 3;

export class HlsSource {
  /** @param {HlsClass} Hls @param {HTMLVideoElement} video @param {{url: string, quality: Quality}} wanted @param {Told} told */
  constructor(Hls, video, { url, quality }, { ready, failed }) {
    const hls = new Hls({
      lowLatencyMode: true,
      // The pace is ours: hls.js plays faster only near its target, and lets every stall raise that for good.
      maxLiveSyncPlaybackRate: 1,
      liveSyncOnStallIncrease: 0,
      backBufferLength: BEHIND,
      capLevelToPlayerSize: true,
      enableWorker: false,
      pLoader: listLoader(Hls),
    });
    this.hls = hls;
    this.video = video;
    /** @type {{audio?: TimeRanges, video?: TimeRanges}} */
    this.there = {};
    this.climb = new Climb();
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      ready();
      if (quality === 'low') hls.autoLevelCapping = 0;
    });
    hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, (_event, { audioTracks }) => {
      if (quality === 'audio' && audioTracks[0]?.url && hls.url !== audioTracks[0].url) hls.loadSource(audioTracks[0].url);
    });
    hls.on(Hls.Events.BUFFER_APPENDED, (_event, { timeRanges }) => Object.assign(this.there, timeRanges));
    hls.on(Hls.Events.FRAG_LOADED, (_event, { frag, part }) => {
      if (part && frag.type === 'main') this.climb.came(frag.level, (part.stats.loading.end - part.stats.loading.first) / 1000, part.duration);
    });
    hls.on(Hls.Events.ERROR, (_event, error) => {
      if (error.fatal) failed(error.type === Hls.ErrorTypes.MEDIA_ERROR, error.response?.code ?? 0);
    });
    hls.loadSource(url);
    hls.attachMedia(video);
  }

  /** The picture moves: a larger one may be tried. @param {number} now  ms */
  plays(now) {
    const { config, levels, maxAutoLevel } = this.hls;
    const floor = this.climb.step(now, levels.slice(0, maxAutoLevel + 1).map((level) => level.bitrate));
    config.minAutoBitrate = (floor && levels[floor]?.maxBitrate) || 0;
  }

  /** The picture stood still for want of data. @param {number} now  ms */
  stalled(now) {
    this.climb.stalled(now);
    this.hls.config.minAutoBitrate = 0;
  }

  /** Tries to go on after what could not be played. */
  recover() {
    this.hls.recoverMediaError();
    return true;
  }

  leave() {
    this.hls.destroy();
  }

  /** The place that the stream asks to be played at, in s of the video. */
  edge() {
    return this.hls.liveSyncPosition;
  }

  /** Seconds behind the source, when it is known. */
  latency() {
    return this.hls.latency > 0 ? this.hls.latency : null;
  }

  /** Seconds behind the source that the stream asks for. */
  wanted() {
    return this.hls.targetLatency;
  }

  /** Whether there is no smaller picture than the one that is loaded. */
  smallest() {
    return this.hls.loadLevel <= 0;
  }

  /** Seconds of sound that are there beyond the end of the picture. */
  soundAhead() {
    const { audio, video } = this.there;
    return audio && video ? endAt(audio, this.video.currentTime) - endAt(video, this.video.currentTime) : 0;
  }
}

/** The browser's own HLS: what it knows of the stream it keeps to itself. */
export class NativeSource {
  /** @param {HTMLVideoElement} video @param {string} url @param {Told['failed']} failed */
  constructor(video, url, failed) {
    this.video = video;
    this.hls = null;
    video.src = url;
    video.onerror = () => failed(false, 0);
  }

  plays() {}

  stalled() {}

  recover() {
    return false;
  }

  leave() {
    this.video.onerror = null;
  }

  edge() {
    const { seekable } = this.video;
    return seekable.length ? seekable.end(seekable.length - 1) - MARGIN : null;
  }

  latency() {
    return null;
  }

  wanted() {
    return null;
  }

  smallest() {
    return false;
  }

  soundAhead() {
    return 0;
  }
}

/** Up to where it goes on from `position` without a hole; `position` where nothing is there. @param {TimeRanges} ranges @param {number} position */
function endAt(ranges, position) {
  for (let n = 0; n < ranges.length; n++) {
    if (ranges.start(n) <= position + 0.1 && position <= ranges.end(n)) return ranges.end(n);
  }
  return position;
}
