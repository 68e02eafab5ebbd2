// The words that mark a question for moderators, for the control room: one list a language, one word a line.
// What must not be here: requests (given as `save`), what a mark looks like (card_more.js).

import { html, nothing } from 'lit';
import { why } from '../net/problem.js';
import { LiveElement, define } from './live_element.js';
import { t } from '../i18n.js';

/** @typedef {Record<'fr'|'en', string[]>} Words */

class FlagWords extends LiveElement {
  static properties = { words: { attribute: false }, said: { state: true }, wrong: { state: true } };

  constructor() {
    super();
    /** As they were read. @type {Words|null} */
    this.words = null;
    this.said = '';
    this.wrong = '';
    /** @type {(words: Words) => Promise<Words>} */
    this.save = () => Promise.reject(new Error('not ready'));
  }

  /** What is being typed stays: the lists are read once. */
  render() {
    if (!this.words) return html`<p class="quiet">${t('page.loading')}</p>`;
    return html`<form class="stack stack--tight" @submit=${this.#submit} @input=${() => { this.said = ''; }}>
      <p class="small quiet">${t('control.words.what')}</p>
      <div class="flag-words">${(/** @type {const} */ (['fr', 'en'])).map((language) => html`<label class="field"><span class="field__label">${t(`control.words.${language}`)}</span>
        <textarea class="field__input" name=${language} lang=${language} rows="5" spellcheck="false" .value=${(this.words?.[language] ?? []).join('\n')}></textarea></label>`)}</div>
      ${this.wrong ? html`<p class="field__error" role="alert">${this.wrong}</p>` : nothing}
      <div class="buttons"><button class="button button--small">${t('control.words.save')}</button> <span class="small" role="status">${this.said}</span></div>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const lines = (/** @type {string} */ name) => String(data.get(name)).split('\n').map((line) => line.trim()).filter(Boolean);
    try {
      this.words = await this.save({ fr: lines('fr'), en: lines('en') });
      [this.said, this.wrong] = [t('control.words.saved'), ''];
    } catch (failure) {
      this.wrong = why(failure);
    }
  }
}

define('tablee-flag-words', FlagWords);
