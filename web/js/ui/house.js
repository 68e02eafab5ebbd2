// What moderators do with a session as a whole, behind one button: take its questions along.
// What must not be here: addresses (house_commands.js), the desk.

import { html, nothing } from 'lit';
import { exportQuestions } from '../net/house_commands.js';
import { why } from '../net/problem.js';
import { keep } from './download.js';
import { LiveElement, define } from './live_element.js';
import { t } from '../i18n.js';

/** @type {import('../net/house_commands.js').Format[]} */
const FORMATS = ['csv', 'xlsx', 'json'];

class House extends LiveElement {
  static properties = { live: { attribute: false }, open: { state: true }, words: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    this.open = false;
    this.words = '';
  }

  render() {
    return html`<button type="button" class="button button--small house__button" aria-expanded=${this.open ? 'true' : 'false'} aria-controls="house"
      @click=${() => { this.open = !this.open; }}>${t('house.button')}</button>
      <section id="house" class="poll-desk house stack" aria-labelledby="house-title" ?hidden=${!this.open} @keydown=${this.#key}>${this.open ? this.#panel() : nothing}</section>`;
  }

  /** Keys here are not the desk's. @param {KeyboardEvent} event */
  #key(event) {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    this.open = false;
    /** @type {HTMLElement|null} */ (this.querySelector('.house__button'))?.focus();
  }

  #panel() {
    return html`<h2 class="poll__title" id="house-title">${t('house.title')}</h2>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
      ${this.#exports()}`;
  }

  #exports() {
    return html`<section class="stack stack--tight" aria-labelledby="house-export">
      <h3 id="house-export">${t('house.export')}</h3>
      <p class="small quiet">${t('house.export.what')}</p>
      <label class="switch"><input type="checkbox" data-names> <span>${t('house.export.names')}</span></label>
      <div class="buttons">${FORMATS.map((format) => html`<button type="button" class="button button--small" @click=${() => this.#download(format)}>${t('house.export.as', { format: format.toUpperCase() })}</button>`)}</div>
    </section>`;
  }

  /** @param {import('../net/house_commands.js').Format} format */
  async #download(format) {
    if (!this.session) return;
    const { api, session } = this.session;
    const names = /** @type {HTMLInputElement} */ (this.querySelector('[data-names]')).checked;
    this.words = '';
    try {
      keep(await exportQuestions(api, session, format, names), `questions-${session}.${format}`);
    } catch (failure) {
      this.words = why(failure);
    }
  }
}

define('tablee-house', House);
