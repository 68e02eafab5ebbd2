// In the form that asks, above what is written: the question that asks nearly the same, to be supported instead. It never takes the focus and is announced once.
// What must not be here: requests (given as `find` and `support`), the form.

import { html, nothing } from 'lit';
import { why } from '../net/problem.js';
import { Suggesting } from '../state/suggesting.js';
import { announce } from './announce.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/suggesting.js').Similar} Similar */

class SimilarQuestion extends LiveElement {
  static properties = { found: { state: true }, words: { state: true }, supported: { attribute: false } };

  constructor() {
    super();
    /** @type {Similar|null} */
    this.found = null;
    /** What became of the press. */
    this.words = '';
    /** @type {(text: string) => Promise<Similar[]>} Without one's own. */
    this.find = () => Promise.resolve([]);
    /** @type {(id: string) => Promise<unknown>} */
    this.support = () => Promise.reject(new Error('not ready'));
    /** @type {(id: string) => boolean} Whether one supports it. */
    this.supported = () => false;
    /** @type {Set<string>} */
    this.told = new Set();
    this.waiting = new Suggesting({ set: (fn, ms) => setTimeout(fn, ms), clear: clearTimeout.bind(window) }, (text) => this.find(text), ([first]) => this.#show(first ?? null));
  }

  /** @param {string} text What is written by now. */
  typed(text) {
    this.waiting.type(text);
  }

  render() {
    const { found } = this;
    if (!found) return nothing;
    const on = this.supported(found.id);
    return html`<div class="similar"><p class="similar__words small"><strong>${this.#lead(found, on)}</strong> <q><bdi>${found.text}</bdi></q></p>
      ${on ? nothing : html`<button type="button" class="button button--small" @click=${() => this.#press(found)}>${t('similar.support')}</button>`}
      ${this.words ? html`<p class="field__error small" role="status">${this.words}</p>` : nothing}</div>`;
  }

  /** @param {Similar} found @param {boolean} on */
  #lead(found, on) {
    return on ? t('similar.supported') : tn('similar.asked', found.votes + 1);
  }

  /** @param {Similar|null} found */
  #show(found) {
    if (found?.id !== this.found?.id) this.words = '';
    this.found = found;
    if (!found || this.told.has(found.id)) return;
    this.told.add(found.id);
    announce(`${this.#lead(found, this.supported(found.id))} ${found.text}`);
  }

  /** @param {Similar} found */
  async #press(found) {
    this.closest('form')?.querySelector('textarea')?.focus(); // the button goes: writing goes on where it was
    try {
      await this.support(found.id);
      announce(t('similar.supported'));
      this.requestUpdate();
    } catch (failure) {
      this.words = why(failure);
    }
  }
}

define('tablee-similar', SimilarQuestion);
