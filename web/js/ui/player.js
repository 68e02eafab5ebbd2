// The live picture and sound, what they cost, and the few buttons they need. Never a spinner without words.
// What must not be here: the stream itself (net/playback.js), the line below (player_bar.js), words over it (player_over.js).

import { html } from 'lit';
import { Playback } from '../net/playback.js';
import { weigh } from '../net/weight.js';
import { announce } from './announce.js';
import { keep, keptQuality, setVolume } from './kept.js';
import { LiveElement, define } from './live_element.js';
import { KEYS, QUALITIES, bar, sounds } from './player_bar.js';
import { over } from './player_over.js';
import { t } from '../i18n.js';

/** @typedef {import('../net/source.js').Quality} Quality */

/** The most that is waited for what an interpreter said last, in s. */
const LAST_WORDS = 15;
/** What is worth hearing when it begins. */
const HEARD = ['stalled', 'retrying', 'absent', 'over'];

export class Player extends LiveElement {
  static properties = { src: { attribute: false }, stream: { attribute: false }, past: { attribute: false }, interpreted: { attribute: false }, translated: { state: true }, tick: { state: true }, state: { state: true } };

  constructor() {
    super();
    this.src = '';
    /** @type {import('../state/types.js').Stream|null} */
    this.stream = null;
    /** Whether one can go back to the beginning of the session. */
    this.past = false;
    /** Whether somebody interprets by voice. */
    this.interpreted = false;
    /** Whether they are heard here instead of the room. */
    this.translated = false;
    /** What is played. */
    this.address = '';
    /** @type {import('../net/playback.js').PlaybackState} */
    this.state = 'loading';
    this.tick = 0;
    this.bytes = 0;
    /** @type {() => Promise<unknown>} */
    this.renew = () => Promise.resolve();
    /** @type {Playback|null} */
    this.playback = null;
    this.quality = keptQuality(QUALITIES);
    /** Whether a page may set the volume here; on some devices only their own buttons may. */
    this.setsVolume = true;
    this.addEventListener('keydown', (event) => this.#key(event));
  }

  get video() {
    return /** @type {HTMLVideoElement} */ (this.querySelector('video'));
  }

  /** Whether there is no picture, by choice or because the line is too thin for one. */
  get soundOnly() {
    return this.playback?.soundOnly ?? this.quality === 'audio';
  }

  /** Whether the picture is in a window of its own. */
  get floats() {
    return document.pictureInPictureElement !== null && document.pictureInPictureElement === this.video;
  }

  firstUpdated() {
    const { video } = this;
    this.setsVolume = setVolume(video);
    this.playback = new Playback(video, { renew: () => this.renew(), onState: (state) => this.#said(state) });
    weigh('/hls/', (bytes) => {
      this.bytes = bytes;
    });
    setInterval(() => {
      this.tick += 1;
    }, 1_000);
    for (const kind of ['volumechange', 'enterpictureinpicture', 'leavepictureinpicture']) video.addEventListener(kind, () => this.requestUpdate());
  }

  /** @param {import('../net/playback.js').PlaybackState} state */
  #said(state) {
    this.state = state;
    if (HEARD.includes(state)) announce(t(`player.${state}`));
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('interpreted') && !this.interpreted && this.translated) this.#interpretersGone();
    const address = this.src && this.translated ? `${this.src}?sound=interpreted` : this.src;
    if (address === this.address) return;
    this.address = address;
    if (address) this.playback?.load(address, this.quality);
    else this.playback?.unload();
  }

  /** What they said last is still on its way. */
  #interpretersGone() {
    setTimeout(() => this.interpreted || this.hear(false), Math.min((this.playback?.latency() ?? 0) + 1, LAST_WORDS) * 1000);
  }

  /** @param {boolean} translated  Whether to hear whoever interprets instead of the room. */
  hear(translated) {
    if (translated === this.translated) return;
    this.translated = translated;
    announce(t(translated ? 'player.interpreted.heard' : 'player.room.heard'));
  }

  render() {
    return html`<div class="player ${this.soundOnly ? 'player--audio' : ''}">
      <div class="player__frame">
        <video playsinline autoplay aria-label=${t('player.video')} @dblclick=${() => this.act('full')}></video>
        ${over(this)}
      </div>
      ${bar(this)}${sounds(this)}
    </div>`;
  }

  /** What the buttons and the keys do. @param {'toggle'|'sound'|'float'|'full'|'past'} what */
  act(what) {
    const { video } = this;
    if (what === 'past') return void (this.past && this.tell('past', null));
    if (what === 'sound') this.#toggleSound();
    else if (what === 'toggle' && !video.paused) video.pause();
    else if (what === 'toggle') this.playback?.[this.state === 'paused' ? 'catchUp' : 'play']();
    else if (!this.soundOnly) this.#show(what);
    this.requestUpdate();
  }

  #toggleSound() {
    const { video } = this;
    video.muted = !video.muted;
    if (!video.muted && video.volume === 0) video.volume = 1;
    if (!video.muted) this.playback?.play();
  }

  /** A browser may refuse, as before the first picture: it stays where it is. @param {string} what */
  #show(what) {
    const { video } = this;
    if (what === 'float') (this.floats ? document.exitPictureInPicture() : video.requestPictureInPicture?.())?.catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
    else this.querySelector('.player__frame')?.requestFullscreen?.().catch(() => {});
  }

  /** Single keys count while the keyboard is in the player, and not while a list has it. @param {KeyboardEvent} event */
  #key(event) {
    const act = KEYS[event.key.toLowerCase()];
    if (!act || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    this.act(act);
  }

  /** @param {Event} event */
  turn = (event) => {
    const { video } = this;
    video.volume = Number(/** @type {HTMLInputElement} */ (event.target).value);
    video.muted = video.volume === 0;
    keep('volume', String(video.volume));
  };

  /** @param {Event} event */
  choose = (event) => {
    this.quality = /** @type {Quality} */ (/** @type {HTMLSelectElement} */ (event.target).value);
    keep('quality', this.quality);
    if (this.playback) this.playback.care.spare.again();
    if (this.address) this.playback?.load(this.address, this.quality);
    this.requestUpdate();
  };
}

define('tablee-player', Player);
