// The form that asks: what is typed is kept until the platform has it; the counter, the floor and every refusal in words.
// What must not be here: the request (given as `send`), storage (state/draft.js).

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { Draft } from '../state/draft.js';
import { MOST_CHARACTERS as MOST } from '../state/tables.js';
import { announce } from './announce.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

/** From here on the counter is shown and heard. */
const NEAR = 400;

/** A good word is read by then, in ms. */
const READ = 9_000;

/** @typedef {'typing'|'sending'|'retrying'|'sent'|'refused'} Phase */

class Ask extends LiveElement {
  static properties = { floor: { attribute: false }, phase: { state: true }, words: { state: true }, length: { state: true } };

  constructor() {
    super();
    /** @type {import('../state/tables.js').FloorState|null} */
    this.floor = null;
    /** @type {Phase} */
    this.phase = 'typing';
    this.words = '';
    this.length = 0;
    this.speech = document.documentElement.lang || 'fr';
    /** @type {(question: {id: string, text: string, language: string, anonymous: boolean}, waiting: () => void) => Promise<unknown>} */
    this.send = () => Promise.reject(new Error('not ready'));
    this.draft = new Draft(sessionStorage, this.dataset.session ?? '', () => crypto.randomUUID());
    this.length = [...this.draft.kept.text].length;
  }

  /** The feed shows that a question has arrived, even if the answer to its request was lost. @param {Record<string, unknown>} mine */
  arrived(mine) {
    const { id } = this.draft.kept;
    if (id in mine && this.phase !== 'sending' && this.draft.accepted(id)) this.#done();
  }

  render() {
    if (this.floor !== 'open' && !this.draft.kept.text) {
      return html`<p class="ask__closed quiet">${t(`floor.${this.floor ?? 'unknown'}`)}</p>`;
    }
    const open = this.floor === 'open';
    const over = this.length > MOST;
    return html`<form class="ask ask--${this.phase} ${this.length ? 'ask--full' : ''} stack stack--tight" @submit=${this.#submit} novalidate>
      <div class="field ${this.phase === 'refused' || over ? 'field--wrong' : ''}">
        <label class="field__label" for="ask-text">${t('ask.label')}</label>
        <textarea class="field__input ask__text" id="ask-text" rows="3" autocomplete="off" enterkeyhint="enter"
          aria-describedby="ask-help ask-count ask-state" placeholder=${t('ask.placeholder')}
          .value=${live(this.draft.kept.text)} @input=${this.#typed} @keydown=${this.#key}></textarea>
        <p class="field__help row row--between"><span id="ask-help">${open ? t('ask.help') : t(`floor.${this.floor ?? 'unknown'}`)}</span>
          <span class="field__count ${over ? 'field__count--over' : ''}" id="ask-count">${this.#count()}</span></p>
      </div>
      <div class="row row--between ask__foot">
        <label class="switch"><input type="checkbox" .checked=${this.draft.kept.anonymous} @change=${this.#hide}><span>${t('ask.anonymous')}</span></label>
        <button class="button button--primary" aria-disabled=${open && !over && this.phase !== 'sending' && this.phase !== 'retrying' ? 'false' : 'true'}>${t('ask.send')}</button>
      </div>
      <p id="ask-state" class="ask__state ${this.phase === 'refused' ? 'field__error' : 'small'}" role="status">${this.words || nothing}</p>
    </form>`;
  }

  #count() {
    if (this.length > MOST) return tn('ask.over', this.length - MOST);
    return this.length >= NEAR ? tn('ask.left', MOST - this.length) : '';
  }

  /** @param {Event} event */
  #typed(event) {
    this.draft.type(/** @type {HTMLTextAreaElement} */ (event.target).value);
    this.length = [...this.draft.kept.text.trim()].length;
    if (this.phase === 'sent' || this.phase === 'refused') this.#say('typing', '');
  }

  /** @param {Event} event */
  #hide(event) {
    this.draft.hide(/** @type {HTMLInputElement} */ (event.target).checked);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event);
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    if (this.phase === 'sending' || this.phase === 'retrying') return;
    if (this.floor !== 'open') return this.#say('refused', t(`floor.${this.floor ?? 'unknown'}`));
    if (!this.draft.kept.text.trim()) return this.#say('refused', t('ask.empty'));
    if (this.length > MOST) return this.#say('refused', tn('ask.over', this.length - MOST));
    const question = this.draft.toSend(this.speech);
    this.#say('sending', t('ask.sending'));
    try {
      await this.send(question, () => this.#say('retrying', t('ask.retrying')));
      if (this.draft.accepted(question.id)) this.#done();
      else this.#say('sent', t('ask.sent'));
    } catch (failure) {
      this.#say('refused', failure instanceof Error ? failure.message : t('net.refused'));
    }
  }

  #done() {
    this.length = 0;
    if (matchMedia('(pointer: coarse)').matches) /** @type {HTMLElement|null} */ (this.querySelector(':focus'))?.blur();
    this.#say('sent', t('ask.sent'));
    announce(t('ask.sent'));
    setTimeout(() => this.phase === 'sent' && this.#say('typing', ''), READ);
  }

  /** @param {Phase} phase @param {string} words */
  #say(phase, words) {
    this.phase = phase;
    this.words = words;
  }
}

define('tablee-ask', Ask);
