// A session watched again, or from its beginning while it goes on: the browser's own bar to go back and forth, the questions as chapters.
// What must not be here: the stream itself (net/replay.js), where chapters are (state/chapters.js), the live picture (player.js).

import { html, nothing } from 'lit';
import { playIfAllowed } from '../net/autoplay.js';
import { Replay } from '../net/replay.js';
import { stamp } from '../state/chapters.js';
import { announce } from './announce.js';
import { LiveElement, define } from './live_element.js';
import { t, tn, typeset } from '../i18n.js';

/** @typedef {import('../state/chapters.js').Chapter} Chapter */

/** Where in a recording its first picture is taken: at the very beginning people still look for their seats. */
const SPEAKING = 0.1;

class Again extends LiveElement {
  static properties = { url: { attribute: false }, growing: { attribute: false }, plays: { attribute: false }, chapters: { attribute: false }, seconds: { attribute: false }, state: { state: true }, now: { state: true } };

  constructor() {
    super();
    this.url = '';
    /** Whether the session is still on, so that there is a way back to live. */
    this.growing = false;
    /** @type {Chapter[]} */
    this.chapters = [];
    /** How long it is. */
    this.seconds = 0;
    /** @type {import('../net/replay.js').ReplayState} */
    this.state = 'loading';
    this.now = 0;
    /** Whether it plays at once: somebody asked for it. */
    this.plays = false;
    /** @type {() => Promise<unknown>} */
    this.renew = () => Promise.resolve();
    /** @type {Replay|null} */
    this.replay = null;
  }

  get video() {
    return /** @type {HTMLVideoElement} */ (this.querySelector('video'));
  }

  firstUpdated() {
    this.replay = new Replay(this.video, { renew: () => this.renew(), onState: (state) => this.#said(state) });
  }

  /** @param {import('../net/replay.js').ReplayState} state */
  #said(state) {
    this.state = state;
    // What grows has little ahead of its beginning: a browser that plays by itself would wait for more.
    if (state === 'ready' && this.plays) playIfAllowed(this.video);
    if (state === 'retrying' || state === 'absent') announce(t(`replay.${state}`));
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('url')) return;
    if (!this.url) this.replay?.close();
    else this.replay?.open(this.url, 0);
  }

  render() {
    const words = this.state === 'ready' || this.state === 'loading' ? '' : t(`replay.${this.state}`);
    return html`<div class="player replay">
      <div class="player__frame">
        <video controls playsinline preload="metadata" ?autoplay=${this.plays} poster=${this.url && !this.plays ? this.#still(960, this.seconds * SPEAKING) : nothing} aria-label=${t('replay.video')} @timeupdate=${() => this.#look()}></video>
        ${words ? html`<p class="player__over">${words}</p>` : nothing}
      </div>
      <div class="player__bar">
        <p class="player__status small"><span class="badge badge--offline">${t(this.growing ? 'replay.past' : 'replay.badge')}</span></p>
        ${this.growing ? html`<div class="player__controls"><button type="button" class="button button--small" @click=${() => this.tell('live', null)}>${t('replay.live')}</button></div>` : nothing}
      </div>
      ${this.chapters.length ? this.#list() : nothing}
    </div>`;
  }

  #list() {
    const current = this.chapters.filter(({ at }) => at <= this.now + 0.5).at(-1)?.id;
    return html`<details class="replay__chapters">
      <summary class="small">${tn('replay.chapters', this.chapters.length)}</summary>
      <ol class="plain">${this.chapters.map((chapter) => html`<li><button type="button" class="replay__chapter small" aria-current=${chapter.id === current ? 'true' : nothing}
        @click=${() => this.#go(chapter.at)}>
        <img class="replay__still" src=${this.#still(320, chapter.at)} alt="" width="320" height="180" loading="lazy" decoding="async"><span class="num">${stamp(chapter.at)}</span> <span lang=${chapter.language || nothing} dir="auto">${typeset(chapter.text, chapter.language)}</span></button></li>`)}</ol>
    </details>`;
  }

  /** What it shows there. @param {number} width @param {number} second */
  #still(width, second) {
    return this.url.replace(/[^/]*$/, `stills/${width}/${Math.floor(second)}.jpg`);
  }

  /** Once a second at most: the bar is the browser's. */
  #look() {
    const now = Math.floor(this.video.currentTime);
    if (now !== this.now) this.now = now;
  }

  /** @param {number} at */
  #go(at) {
    this.video.currentTime = at;
    this.now = Math.floor(at);
    this.video.play().catch(() => {});
  }
}

define('tablee-again', Again);
