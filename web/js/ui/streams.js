// The stages for the operator: what each sends out now, in words; where OBS sends to, with its key shown only on request.
// What must not be here: polling, requests (given as `reveal`, `rotate`, `fetched`, `fetch` and `picture`), what is said of a stage (stage_card.js).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { why } from '../net/problem.js';
import { LiveElement, define } from './live_element.js';
import { stageFacts } from './stage_card.js';
import './stream_pull.js';
import { clock, t } from '../i18n.js';

/** @typedef {import('./stage_card.js').Stage} Stage */
/** @typedef {{rtmp_url: string, stream_key: string, srt_url: string|null}} Key */

class Streams extends LiveElement {
  static properties = { stages: { attribute: false }, refusal: { attribute: false }, words: { attribute: false }, keys: { state: true }, asked: { state: true } };

  constructor() {
    super();
    /** @type {Stage[]|null} */
    this.stages = null;
    /** The last sender whose key was that of no stage. @type {import('./stage_card.js').Refusal|null} */
    this.refusal = null;
    this.words = '';
    /** @type {Record<string, Key>} */
    this.keys = {};
    /** Stage whose new key waits for a second press. */
    this.asked = '';
    /** @type {(stage: string) => Promise<Key>} */
    this.reveal = () => Promise.reject(new Error('not ready'));
    /** @type {(stage: string) => Promise<Key>} */
    this.rotate = () => Promise.reject(new Error('not ready'));
    /** Where a stage is fetched from. @type {(stage: string) => Promise<{url: string|null}>} */
    this.fetched = () => Promise.reject(new Error('not ready'));
    /** @type {(stage: string, url: string|null) => Promise<{url: string|null}>} */
    this.fetch = () => Promise.reject(new Error('not ready'));
    /** @type {(stage: string) => Promise<Blob>} */
    this.picture = () => Promise.reject(new Error('not ready'));
    /** Stage → when what its picture shows was on the air. @type {Record<string, string>} */
    this.drawn = {};
  }

  render() {
    return html`${this.words ? html`<p class="note note--error" role="alert">${this.words}</p>` : nothing}
      ${this.stages === null ? html`<p class="quiet">${t('streams.loading')}</p>`
        : this.stages.length === 0 ? html`<p class="quiet">${t('streams.none')}</p>`
          : html`<ul class="plain streams">${repeat(this.stages, (stage) => stage.id, (stage) => this.#stage(stage))}</ul>`}
      <div role="status">${this.refusal ? html`<p class="small stream__refused">${t('stream.refused.unknown', { time: clock(this.refusal.at), peer: this.refusal.peer, detail: this.refusal.detail })}</p>` : nothing}</div>`;
  }

  /** @param {Stage} stage */
  #stage(stage) {
    const key = this.keys[stage.id];
    return html`<li class="stream stack stack--tight">
      <h3>${stage.name}</h3>
      ${stageFacts(stage)}
      ${key ? html`<dl class="stream__key"><dt>${t('stream.address')}</dt><dd><code>${key.rtmp_url}</code></dd>
          <dt>${t('stream.key')}</dt><dd><code>${key.stream_key}</code></dd>
          ${key.srt_url ? html`<dt>${t('stream.address.srt')}</dt><dd><code>${key.srt_url}</code></dd>` : nothing}</dl>
        <tablee-stream-pull .stage=${stage.id} .read=${this.fetched} .write=${this.fetch}></tablee-stream-pull>` : nothing}
      <div class="buttons">
        <a class="button button--small" href="/stage?stage=${encodeURIComponent(stage.id)}">${t('control.open.stage')}</a>
        <a class="button button--small" href="/studio?stage=${encodeURIComponent(stage.id)}">${t('control.open.studio')}</a>
        <a class="button button--small" href="/camera?stage=${encodeURIComponent(stage.id)}">${t('control.open.camera')}</a>
        <button type="button" class="button button--small" aria-expanded=${key ? 'true' : 'false'} @click=${() => this.#toggle(stage.id)}>${t(key ? 'stream.hide' : 'stream.reveal')}</button>
        ${key ? html`<button type="button" class="button button--small button--danger" @click=${() => this.#turn(stage.id)}>${t(this.asked === stage.id ? 'stream.rotate.sure' : 'stream.rotate')}</button>` : nothing}
      </div>
      ${this.asked === stage.id ? html`<p class="small" role="status">${t('stream.rotate.help')}</p>` : nothing}
    </li>`;
  }

  updated() {
    for (const { id, preview } of this.stages ?? []) {
      if (preview && this.drawn[id] !== preview.at) this.#draw(id, preview.at);
    }
  }

  /** A picture that does not come stays the one before. @param {string} id @param {string} at */
  async #draw(id, at) {
    this.drawn[id] = at;
    const canvas = [...this.querySelectorAll('canvas')].find((one) => one.dataset.picture === id);
    const bitmap = await this.picture(id).then(createImageBitmap).catch(() => null);
    if (bitmap) canvas?.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap?.close();
  }

  /** @param {string} id */
  async #toggle(id) {
    this.asked = '';
    if (this.keys[id]) {
      const { [id]: _hidden, ...rest } = this.keys;
      this.keys = rest;
    } else await this.#take(id, this.reveal);
  }

  /** A new key cuts who sends with the old one: pressed twice on purpose. @param {string} id */
  async #turn(id) {
    if (this.asked !== id) {
      this.asked = id;
      return;
    }
    this.asked = '';
    await this.#take(id, this.rotate);
  }

  /** @param {string} id @param {(stage: string) => Promise<Key>} how */
  async #take(id, how) {
    try {
      const key = await how(id);
      this.keys = { ...this.keys, [id]: key };
      this.words = '';
    } catch (failure) {
      this.words = why(failure);
    }
  }
}

define('tablee-streams', Streams);
