// The recordings for the operator: which there are and how large, which are growing, files of them to keep, erasing one.
// What must not be here: polling, requests (given as `make`, `erase` and `look`).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { why } from '../net/problem.js';
import { stamp } from '../state/chapters.js';
import { LiveElement, define } from './live_element.js';
import { dayWords, formatter, t } from '../i18n.js';

/** @typedef {import('../net/recordings.js').Recording} Recording */
/** @typedef {import('../net/recordings.js').Kind} Kind */

const MEGABYTE = 1_000_000;
const GIGABYTE = 1_000 * MEGABYTE;

class Recordings extends LiveElement {
  static properties = { recordings: { attribute: false }, titles: { attribute: false }, asked: { state: true }, busy: { state: true }, wrong: { state: true } };

  constructor() {
    super();
    /** Null until they are known. @type {Recording[]|null} */
    this.recordings = null;
    /** Session → its title. @type {Record<string, string>} */
    this.titles = {};
    /** The session whose recording is to be erased at a second press. */
    this.asked = '';
    this.busy = false;
    /** @type {{session: string, words: string}|null} */
    this.wrong = null;
    /** @type {(session: string, title: string, kind: Kind) => Promise<unknown>} */
    this.make = () => Promise.reject(new Error('not ready'));
    /** @type {(session: string) => Promise<unknown>} */
    this.erase = () => Promise.reject(new Error('not ready'));
    /** @type {() => Promise<unknown>} */
    this.look = () => Promise.reject(new Error('not ready'));
  }

  render() {
    if (!this.recordings) return html`<p class="quiet">${t('page.loading')}</p>`;
    if (!this.recordings.length) return html`<p class="quiet">${t('recordings.none')}</p>`;
    return html`<ul class="plain recordings">${repeat(this.recordings, (one) => one.session, (one) => this.#recording(one))}</ul>`;
  }

  /** @param {Recording} one */
  #recording(one) {
    const title = this.#title(one);
    return html`<li class="recording stack stack--tight">
      <h3 class="row"><span>${title}</span> ${one.growing ? html`<span class="badge badge--published">${t('recordings.growing')}</span>` : nothing}</h3>
      <p class="small quiet">${dayWords(one.began)} · ${stamp(one.seconds)} · ${size(one.bytes)}</p>
      ${one.growing ? html`<p class="small">${t('recordings.later')}</p>` : html`<div class="buttons">
        ${this.#file(one, 'video')} ${this.#file(one, 'sound')}
        <button type="button" class="button button--small button--danger" ?disabled=${this.busy} @click=${() => this.#erase(one.session)}>${t(this.asked === one.session ? 'recordings.erase.sure' : 'recordings.erase')}<span class="visually-hidden"> ${title}</span></button>
      </div>`}
      ${this.asked === one.session ? html`<p class="small" role="status">${t('recordings.erase.help')}</p>` : nothing}
      ${this.wrong?.session === one.session ? html`<p class="field__error" role="alert">${this.wrong.words}</p>` : nothing}
    </li>`;
  }

  /** @param {Recording} one @param {Kind} kind */
  #file(one, kind) {
    const file = one.files.find((found) => found.kind === kind);
    if (file?.state === 'making') return html`<span class="small" role="status">${t(`recordings.${kind}.making`)}</span>`;
    return html`${file?.url ? html`<a class="button button--small" href=${file.url} download>${t(`recordings.${kind}.save`, { size: size(file.bytes) })}</a>` : nothing}
      ${file?.state === 'failed' ? html`<span class="small" role="status">${t('recordings.failed')}</span>` : nothing}
      <button type="button" class="button button--small" ?disabled=${this.busy} @click=${() => this.#ask(one.session, () => this.make(one.session, this.#title(one), kind))}>${t(file ? `recordings.${kind}.anew` : `recordings.${kind}.make`)}</button>`;
  }

  /** @param {Recording} one */
  #title(one) {
    return this.titles[one.session] ?? one.session;
  }

  /** @param {string} session */
  #erase(session) {
    if (this.asked !== session) {
      this.asked = session;
      return;
    }
    this.asked = '';
    this.#ask(session, () => this.erase(session));
  }

  /** @param {string} session @param {() => Promise<unknown>} command */
  async #ask(session, command) {
    this.busy = true;
    this.wrong = null;
    try {
      await command();
    } catch (failure) {
      this.wrong = { session, words: why(failure) };
    } finally {
      this.busy = false;
      this.look();
    }
  }
}

/** @param {number} bytes */
function size(bytes) {
  const [value, unit] = bytes < GIGABYTE ? [bytes / MEGABYTE, 'megabyte'] : [bytes / GIGABYTE, 'gigabyte'];
  return formatter(Intl.NumberFormat, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

define('tablee-recordings', Recordings);
