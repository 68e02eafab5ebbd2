// The code of a hall as operators see it, and the way to another one when it got around. What must not be here: requests (given).

import { html, nothing } from 'lit';
import { inTwo } from '../net/hall_code.js';
import { why } from '../net/problem.js';
import { announce } from './announce.js';
import { LiveElement, define } from './live_element.js';
import { t } from '../i18n.js';

class HallCodeLine extends LiveElement {
  static properties = { session: { attribute: false }, code: { state: true }, asking: { state: true }, words: { state: true } };

  constructor() {
    super();
    this.session = '';
    this.code = '';
    /** Whether another one was asked for, and is still to be meant. */
    this.asking = false;
    this.words = '';
    /** @type {(session: string, anew: boolean) => Promise<{code: string}>} */
    this.read = () => Promise.reject(new Error('not ready'));
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('session')) this.#take(false);
  }

  /** @param {boolean} anew */
  async #take(anew) {
    this.asking = false;
    this.words = '';
    try {
      ({ code: this.code } = await this.read(this.session, anew));
      if (anew) announce(t('control.code.new', { code: this.code }));
    } catch (failure) {
      this.words = why(failure);
    }
  }

  render() {
    if (!this.code && !this.words) return nothing;
    return html`<p class="small">${this.code ? html`${t('control.code')} <strong class="num">${inTwo(this.code)}</strong> ` : nothing}
        ${this.asking ? html`${t('control.code.help')} <button type="button" class="button button--small button--danger" @click=${() => this.#take(true)}>${t('control.code.yes')}</button>
          <button type="button" class="button button--small" @click=${() => { this.asking = false; }}>${t('control.code.no')}</button>`
          : html`<button type="button" class="button button--small button--quiet" @click=${() => { this.asking = true; }}>${t('control.code.replace')}</button>`}</p>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}`;
  }
}

define('tablee-hall-code', HallCodeLine);
