// The live picture and sound, what they cost, and the few buttons they need. Never a spinner without words.
// What must not be here: the stream itself (net/playback.js).

import { html, nothing } from 'lit';
import { Playback } from '../net/playback.js';
import { weigh } from '../net/weight.js';
import { announce } from './announce.js';
import { icon } from './icon.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../net/playback.js').Quality} Quality */

/** @type {Quality[]} */
const QUALITIES = ['auto', 'low', 'audio'];
const KEPT = 'tablee.quality';
/** Later than this behind the source, the way back to it is offered, in s. */
const BEHIND = 8;

class Player extends LiveElement {
  static properties = { src: { attribute: false }, stream: { attribute: false }, tick: { state: true }, state: { state: true } };

  constructor() {
    super();
    this.src = '';
    /** @type {import('../state/types.js').Stream|null} */
    this.stream = null;
    /** @type {import('../net/playback.js').PlaybackState} */
    this.state = 'loading';
    this.tick = 0;
    this.bytes = 0;
    /** @type {() => Promise<unknown>} */
    this.renew = () => Promise.resolve();
    /** @type {Playback|null} */
    this.playback = null;
    this.quality = remembered();
  }

  get video() {
    return /** @type {HTMLVideoElement} */ (this.querySelector('video'));
  }

  firstUpdated() {
    this.playback = new Playback(this.video, {
      renew: () => this.renew(),
      onState: (state) => {
        this.state = state;
        if (state === 'stalled' || state === 'retrying' || state === 'absent' || state === 'over') announce(t(`player.${state}`));
      },
    });
    weigh('/hls/', (bytes) => {
      this.bytes = bytes;
    });
    setInterval(() => {
      this.tick += 1;
    }, 1_000);
    this.video.addEventListener('volumechange', () => this.requestUpdate());
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('src')) return;
    if (this.src) this.playback?.load(this.src, this.quality);
    else this.playback?.unload();
  }

  render() {
    const audioOnly = this.quality === 'audio';
    return html`<div class="player ${audioOnly ? 'player--audio' : ''}">
      <div class="player__frame">
        <video playsinline autoplay aria-label=${t('player.video')} @dblclick=${this.#full}></video>
        ${this.#over(audioOnly)}
      </div>
      <div class="player__bar">
        <p class="player__status small num">${this.#status()}</p>
        <div class="player__controls">
          <button type="button" class="button button--small button--quiet" @click=${this.#toggle}>${drawn(this.video?.paused ? 'play' : 'pause')}</button>
          <button type="button" class="button button--small ${this.video?.muted ? 'button--primary' : 'button--quiet'}" @click=${this.#toggleSound}>
            ${drawn(this.video?.muted ? 'unmute' : 'mute')}</button>
          <label class="player__quality small">${icon('levels')}<span class="visually-hidden">${t('player.quality')}</span>
            <select class="field__input" @change=${this.#spare}>${QUALITIES.map((quality) => html`<option value=${quality} ?selected=${quality === this.quality}>
              ${t(`player.quality.${quality}`)}</option>`)}</select></label>
          ${audioOnly || !document.fullscreenEnabled ? nothing
            : html`<button type="button" class="button button--small button--quiet player__full" @click=${this.#full}>${t('player.full')}</button>`}
        </div>
      </div>
    </div>`;
  }

  /** Words over the picture while there is none. @param {boolean} audioOnly */
  #over(audioOnly) {
    if (this.state === 'playing' && audioOnly) return html`<p class="player__over">${t('player.audio_only')}</p>`;
    if (this.state === 'playing') return nothing;
    if (this.state === 'blocked' || this.state === 'paused') {
      return html`<p class="player__over"><button type="button" class="button button--primary button--large" @click=${this.#toggle}>${t(this.state === 'paused' ? 'player.resume' : 'player.start')}</button></p>`;
    }
    return html`<p class="player__over">${t(`player.${this.state}`)}</p>`;
  }

  #status() {
    if (this.state !== 'playing') return html`<span class="badge badge--waiting">${t(`player.short.${this.state}`)}</span>`;
    const latency = this.playback?.latency() ?? null;
    const lines = this.playback?.lines() ?? null;
    const late = latency !== null && latency > BEHIND;
    const fallback = this.stream?.state === 'fallback';
    const closed = this.stream?.reason === 'closed_session';
    const rehearsal = this.stream?.origin === 'generated'; // a test card is nothing anybody could miss
    const words = closed ? 'closed_session' : rehearsal ? 'rehearsal' : fallback ? 'fallback' : 'live';
    return html`<span class="badge ${fallback || rehearsal ? 'badge--waiting' : 'badge--live'}">${t(`player.${words}`)}</span>
      ${latency === null ? nothing : html`<span><span class="player__word">${tn('player.behind', Math.round(latency))}</span><span class="player__brief" aria-hidden="true">${t('player.behind.brief', { n: Math.round(latency) })}</span></span>`}
      ${this.quality !== 'audio' && lines ? html`<span>${lines}p</span>` : nothing}
      <span>${t('player.weight', { mb: Number((this.bytes / 1e6).toFixed(this.bytes < 1e7 ? 1 : 0)) })}</span>
      ${late ? html`<button type="button" class="button button--small button--quiet" @click=${() => this.playback?.catchUp()}>${t('player.catch_up')}</button>` : nothing}`;
  }

  #toggle() {
    if (!this.video.paused) this.video.pause();
    else if (this.playback?.state === 'paused') this.playback.catchUp();
    else this.playback?.play();
    this.requestUpdate();
  }

  #toggleSound() {
    this.video.muted = !this.video.muted;
    if (!this.video.muted && this.video.volume === 0) this.video.volume = 1;
    if (!this.video.muted) this.playback?.play();
  }

  #full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.querySelector('.player__frame')?.requestFullscreen();
  }

  /** @param {Event} event */
  #spare(event) {
    this.quality = /** @type {Quality} */ (/** @type {HTMLSelectElement} */ (event.target).value);
    try {
      localStorage.setItem(KEPT, this.quality);
    } catch {
      // Not kept for the next time: no harm.
    }
    if (this.src) this.playback?.load(this.src, this.quality);
    this.requestUpdate();
  }
}

/** What each button draws where there is no room for its word. */
const DRAWN = { play: 'play', pause: 'pause', unmute: 'muted', mute: 'sound' };

/** @param {keyof typeof DRAWN} name */
function drawn(name) {
  return html`${icon(DRAWN[name])}<span class="player__word">${t(`player.${name}`)}</span>`;
}

/** The choice of last time; where the device asks to save data, the small picture. @returns {Quality} */
function remembered() {
  try {
    const kept = /** @type {Quality} */ (localStorage.getItem(KEPT));
    if (QUALITIES.includes(kept)) return kept;
  } catch {
    // Storage forbidden: as if nothing was kept.
  }
  const connection = /** @type {{saveData?: boolean}|undefined} */ (/** @type {any} */ (navigator).connection);
  return connection?.saveData ? 'low' : 'auto';
}

define('tablee-player', Player);
