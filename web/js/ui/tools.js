// The head of the list: how many questions there are, in what order they are shown, which ones.
// What must not be here: sorting and finding (state/search.js).

import { html, nothing } from 'lit';
import { ALL, WAYS } from '../state/search.js';
import { icon } from './icon.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/search.js').Wish} Wish */
/** @typedef {import('../state/search.js').By} By */

class Tools extends LiveElement {
  static properties = { shown: { attribute: false }, wish: { attribute: false }, searching: { state: true } };

  constructor() {
    super();
    /** How many questions are found. */
    this.shown = 0;
    this.wish = ALL;
    this.searching = false;
  }

  render() {
    return html`<label class="tools__by"><span class="visually-hidden">${t('tools.by')}</span>
        <select class="field__input" @change=${this.#by}>${WAYS.map((by) => html`<option value=${by} ?selected=${by === this.wish.by}>${t(`tools.by.${by}`)}</option>`)}</select></label>
      <button type="button" class="button button--small button--quiet tools__search" aria-expanded=${this.searching ? 'true' : 'false'} aria-controls="search" @click=${this.#turn}>
        ${icon('search')}<span class="visually-hidden">${t('tools.search')}</span></button>
      <div class="tools__row" id="search" ?hidden=${!this.searching}><input class="field__input" type="search" aria-label=${t('tools.search')} placeholder=${t('tools.search')}
          @input=${this.#typed} @keydown=${this.#key}>
        <span class="small quiet num" role="status">${this.wish.text ? tn('tools.found', this.shown) : nothing}</span></div>`;
  }

  /** @returns {HTMLInputElement} */
  get field() {
    return /** @type {HTMLInputElement} */ (this.querySelector('input'));
  }

  /** @param {Event} event */
  #by(event) {
    this.#wish({ by: /** @type {By} */ (/** @type {HTMLSelectElement} */ (event.target).value) });
  }

  #typed() {
    this.#wish({ text: this.field.value });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.#turn();
    /** @type {HTMLElement|null} */ (this.querySelector('.tools__search'))?.focus();
  }

  /** A closed search looks for nothing. */
  async #turn() {
    this.searching = !this.searching;
    if (!this.searching) {
      this.field.value = '';
      return this.#wish({ text: '' });
    }
    await this.updateComplete;
    return this.field.focus();
  }

  /** @param {Partial<Wish>} change */
  #wish(change) {
    this.wish = { ...this.wish, ...change };
    this.tell('wish', this.wish);
  }
}

define('tablee-tools', Tools);
