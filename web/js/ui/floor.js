// Opening, pausing and closing a session's questions, or giving that decision back to the programme; the state, and who decided it, in words.
// What must not be here: the request (given as `change`).

import { html, nothing } from 'lit';
import { why } from '../net/problem.js';
import { LiveElement, define } from './live_element.js';
import { t } from '../i18n.js';

/** @typedef {import('../state/tables.js').FloorState|'programme'} Wish */

/** @type {import('../state/tables.js').FloorState[]} */
const STATES = ['open', 'paused', 'closed'];
const MARKS = { open: 'published', paused: 'waiting', closed: 'offline' };

class FloorControl extends LiveElement {
  static properties = { floor: { attribute: false }, removed: { attribute: false }, label: { attribute: false }, words: { state: true }, busy: { state: true } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Floor|null} */
    this.floor = null;
    /** Whether the programme has the session no more: nothing is left to decide about its floor. */
    this.removed = false;
    this.label = '';
    this.words = '';
    this.busy = false;
    /** @type {(state: Wish) => Promise<unknown>} */
    this.change = () => Promise.resolve();
  }

  render() {
    const { floor } = this;
    if (this.removed) return html`<p class="note small">${t('floor.removed')}</p>`;
    if (!floor) return html`<p class="quiet">${t('floor.unknown')}</p>`;
    return html`<div class="floor" role="group" aria-label=${this.label || t('floor.label')}>
      <p class="badge badge--${MARKS[floor.state]}" role="status">${t(`floor.state.${floor.state}`)}</p>
      <span class="quiet small">${t(`floor.by.${floor.by}`)}</span>
      <span class="buttons">${STATES.filter((state) => state !== floor.state).map((state) => this.#button(state, state === 'open' ? 'button--primary' : ''))}
        ${floor.by === 'hand' ? this.#button('programme', 'button--quiet') : nothing}</span>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
    </div>`;
  }

  /** @param {Wish} wish @param {string} look */
  #button(wish, look) {
    return html`<button type="button" class="button button--small ${look}" ?disabled=${this.busy} @click=${() => this.#press(wish)}>${t(`floor.do.${wish}`)}</button>`;
  }

  /** @param {Wish} wish */
  async #press(wish) {
    this.busy = true;
    this.words = '';
    try {
      await this.change(wish);
    } catch (failure) {
      this.words = why(failure);
    } finally {
      this.busy = false;
    }
  }
}

define('tablee-floor', FloorControl);
