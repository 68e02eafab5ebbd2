// Where a stage is fetched from while no encoder sends: one address, for the control room.
// What must not be here: requests (given as `read` and `write`).

import { html, nothing } from 'lit';
import { why } from '../net/problem.js';
import { LiveElement, define } from './live_element.js';
import { t } from '../i18n.js';

class StreamPull extends LiveElement {
  static properties = { stage: {}, url: { state: true }, said: { state: true }, wrong: { state: true } };

  constructor() {
    super();
    this.stage = '';
    /** As it is kept; null: nothing is fetched; undefined until it was read. @type {string|null|undefined} */
    this.url = undefined;
    this.said = '';
    this.wrong = '';
    /** @type {(stage: string) => Promise<{url: string|null}>} */
    this.read = () => Promise.reject(new Error('not ready'));
    /** @type {(stage: string, url: string|null) => Promise<{url: string|null}>} */
    this.write = () => Promise.reject(new Error('not ready'));
  }

  connectedCallback() {
    super.connectedCallback();
    this.#keep(this.read(this.stage), '');
  }

  render() {
    if (this.url === undefined) return this.wrong ? html`<p class="field__error" role="alert">${this.wrong}</p>` : nothing;
    const help = `pull-help-${this.stage}`;
    return html`<form class="stack stack--tight" novalidate @submit=${this.#submit}>
      <label class="field"><span class="field__label">${t('stream.pull')}</span>
        <input class="field__input" name="url" inputmode="url" maxlength="1000" autocomplete="off" spellcheck="false" aria-describedby=${help} .value=${this.url ?? ''}></label>
      <p class="small quiet" id=${help}>${t('stream.pull.help')}</p>
      ${this.wrong ? html`<p class="field__error" role="alert">${this.wrong}</p>` : nothing}
      <div class="buttons"><button class="button button--small">${t('stream.pull.save')}</button>
        ${this.url ? html`<button type="button" class="button button--small" @click=${() => this.#set(null)}>${t('stream.pull.stop')}</button>` : nothing}
        <span class="small" role="status">${this.said}</span></div>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    this.#set(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('url')).trim() || null);
  }

  /** @param {string|null} url */
  #set(url) {
    return this.#keep(this.write(this.stage, url), t(url ? 'stream.pull.on' : 'stream.pull.off'));
  }

  /** @param {Promise<{url: string|null}>} answer @param {string} said */
  async #keep(answer, said) {
    this.said = '';
    try {
      this.url = (await answer).url;
      [this.said, this.wrong] = [said, ''];
    } catch (failure) {
      this.wrong = why(failure);
    }
  }
}

define('tablee-stream-pull', StreamPull);
