// Opening, pausing and closing a session's questions, with the state in words.
// What must not be here: the request (given as `change`).

import { html, nothing } from 'lit';
import { LiveElement, define } from './live_element.js';
import { t } from '../i18n.js';

/** @type {('open'|'paused'|'closed')[]} */
const STATES = ['open', 'paused', 'closed'];
const MARKS = { open: 'published', paused: 'waiting', closed: 'offline' };

class FloorControl extends LiveElement {
  static properties = { floor: { attribute: false }, label: { attribute: false }, words: { state: true }, busy: { state: true } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Floor|null} */
    this.floor = null;
    this.label = '';
    this.words = '';
    this.busy = false;
    /** @type {(state: 'open'|'paused'|'closed') => Promise<unknown>} */
    this.change = () => Promise.resolve();
  }

  render() {
    const { floor } = this;
    if (!floor) return html`<p class="quiet">${t('floor.unknown')}</p>`;
    return html`<div class="floor" role="group" aria-label=${this.label || t('floor.label')}>
      <p class="badge badge--${MARKS[floor.state]}" role="status">${t(`floor.state.${floor.state}`)}</p>
      <span class="buttons">${STATES.filter((state) => state !== floor.state).map((state) => html`<button type="button"
        class="button button--small ${state === 'open' ? 'button--primary' : ''}" ?disabled=${this.busy} @click=${() => this.#press(state)}>${t(`floor.do.${state}`)}</button>`)}</span>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
    </div>`;
  }

  /** @param {'open'|'paused'|'closed'} state */
  async #press(state) {
    this.busy = true;
    this.words = '';
    try {
      await this.change(state);
    } catch (failure) {
      this.words = failure instanceof Error ? failure.message : t('net.refused');
    } finally {
      this.busy = false;
    }
  }
}

define('tablee-floor', FloorControl);
