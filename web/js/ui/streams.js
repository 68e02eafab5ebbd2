// The stages for the operator: what each sends out now, in words; where OBS sends to, with its key shown only on request.
// What must not be here: polling, requests (given as `reveal` and `rotate`).

import { html, nothing } from 'lit';
import { LiveElement, define } from './live_element.js';
import { clock, t, tn } from '../i18n.js';

/**
 * @typedef {object} Stage
 * @property {string} id
 * @property {string} name
 * @property {string} state
 * @property {string} origin
 * @property {string} [since]
 * @property {number} [fps]
 * @property {number} [speed]
 * @property {number} [bitrate]
 * @property {number} [viewers]
 * @property {string|null} [reason]
 * @property {number|null} [leaves_in]  Seconds until whoever sends to a stage that left the programme is cut off.
 */
/** @typedef {{rtmp_url: string, stream_key: string}} Key */

/** State → the mark of its meaning. @type {Record<string, string>} */
export const STREAM_MARKS = { live: 'live', fallback: 'waiting', starting: 'waiting', ended: 'offline' };

class Streams extends LiveElement {
  static properties = { stages: { attribute: false }, words: { attribute: false }, keys: { state: true }, asked: { state: true } };

  constructor() {
    super();
    /** @type {Stage[]|null} */
    this.stages = null;
    this.words = '';
    /** @type {Record<string, Key>} */
    this.keys = {};
    /** Stage whose new key waits for a second press. */
    this.asked = '';
    /** @type {(stage: string) => Promise<Key>} */
    this.reveal = () => Promise.reject(new Error('not ready'));
    /** @type {(stage: string) => Promise<Key>} */
    this.rotate = () => Promise.reject(new Error('not ready'));
  }

  render() {
    return html`${this.words ? html`<p class="note note--error" role="alert">${this.words}</p>` : nothing}
      ${this.stages === null ? html`<p class="quiet">${t('streams.loading')}</p>`
        : this.stages.length === 0 ? html`<p class="quiet">${t('streams.none')}</p>`
          : html`<ul class="plain streams">${this.stages.map((stage) => this.#stage(stage))}</ul>`}`;
  }

  /** @param {Stage} stage */
  #stage(stage) {
    const key = this.keys[stage.id];
    return html`<li class="stream stack stack--tight">
      <h3>${stage.name}</h3>
      <p class="badge badge--${STREAM_MARKS[stage.state] ?? 'quiet'}">${t(stage.reason === 'closed_session' ? 'stream.reason.closed_session' : `stream.state.${stage.state}`)}</p>
      ${typeof stage.leaves_in === 'number' ? html`<p class="note note--error small num">${tn('stream.leaves', Math.round(stage.leaves_in))}</p>` : nothing}
      <p class="small">${t(`stream.origin.${stage.origin}`)}${stage.since ? html` · ${t('stream.since', { time: clock(stage.since) })}` : nothing}</p>
      <p class="small quiet num">${this.#figures(stage)}</p>
      ${key ? html`<dl class="stream__key"><dt>${t('stream.address')}</dt><dd><code>${key.rtmp_url}</code></dd>
          <dt>${t('stream.key')}</dt><dd><code>${key.stream_key}</code></dd></dl>` : nothing}
      <div class="buttons">
        <a class="button button--small" href="/stage?stage=${encodeURIComponent(stage.id)}">${t('control.open.stage')}</a>
        <button type="button" class="button button--small" aria-expanded=${key ? 'true' : 'false'} @click=${() => this.#toggle(stage.id)}>${t(key ? 'stream.hide' : 'stream.reveal')}</button>
        ${key ? html`<button type="button" class="button button--small button--danger" @click=${() => this.#turn(stage.id)}>${t(this.asked === stage.id ? 'stream.rotate.sure' : 'stream.rotate')}</button>` : nothing}
      </div>
      ${this.asked === stage.id ? html`<p class="small" role="status">${t('stream.rotate.help')}</p>` : nothing}
    </li>`;
  }

  /** @param {Stage} stage */
  #figures(stage) {
    const parts = [];
    if (stage.viewers !== undefined) parts.push(tn('stream.viewers', stage.viewers));
    if (stage.fps) parts.push(t('stream.fps', { n: Math.round(stage.fps) }));
    if (stage.bitrate) parts.push(t('stream.bitrate', { n: Math.round(stage.bitrate / 1000) }));
    if (stage.speed) parts.push(t('stream.speed', { n: Number(stage.speed.toFixed(2)) }));
    return parts.join(' · ');
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
      this.words = failure instanceof Error ? failure.message : t('net.refused');
    }
  }
}

define('tablee-streams', Streams);
