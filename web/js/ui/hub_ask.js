// The form in which the host of a hall asks for somebody there. What is sent leaves the form for the outbox, with or without a line; what is
// typed is kept on the device until then. What must not be here: requests, the outbox (given as `put`).

import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import { Draft } from '../state/draft.js';
import { MOST_CHARACTERS as MOST, MOST_LABEL_CHARACTERS } from '../state/tables.js';
import { announce } from './announce.js';
import { drawer } from './kept.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

/** From here on the counter is shown. */
const NEAR = 400;
/** A good word is read by then, in ms. */
const READ = 9_000;

class HubAsk extends LiveElement {
  static properties = { floor: { attribute: false }, people: { attribute: false }, confirmed: { attribute: false }, offline: { attribute: false }, words: { state: true }, wrong: { state: true } };

  constructor() {
    super();
    /** Null: not known, then it is taken and kept. @type {import('../state/tables.js').FloorState|null} */
    this.floor = null;
    this.people = 0;
    /** Whether the organisers know the hall. */
    this.confirmed = true;
    this.offline = false;
    this.words = '';
    this.wrong = false;
    /** @type {(question: {id: string, text: string, name: string, language: string}) => boolean} */
    this.put = () => false;
    this.draft = new Draft(drawer(), this.dataset.key ?? '', () => crypto.randomUUID());
    this.draft.forHall({ hall: true });
  }

  render() {
    const { text, name = '' } = this.draft.kept;
    const length = [...text.trim()].length;
    const over = length > MOST;
    return html`<form class="hub-ask" @submit=${this.#submit} novalidate><h2 class="hub__title" id="hub-ask">${t('hub.ask')}</h2>
      <div class="field ${over || this.wrong ? 'field--wrong' : ''}"><label class="visually-hidden" for="hub-text">${t('hub.ask.text')}</label>
        <textarea class="field__input hub-ask__text" id="hub-text" rows="3" autocomplete="off" aria-describedby="hub-help hub-state" placeholder=${t('hub.ask.text')}
          .value=${live(text)} @input=${this.#typed} @keydown=${this.#key}></textarea></div>
      <div class="hub-ask__row"><div class="field"><label class="small" for="hub-name">${t('hub.ask.name')}</label>
          <input class="field__input" id="hub-name" type="text" autocomplete="off" maxlength=${MOST_LABEL_CHARACTERS} placeholder=${t('hub.ask.nobody')} .value=${live(name)} @input=${this.#named}></div>
        <button class="button button--primary hub-ask__send">${t('hub.ask.send')}</button></div>
      <p class="small quiet row row--between"><span id="hub-help">${t(this.floor === 'closed' ? 'floor.closed' : this.floor === 'paused' ? 'hub.paused' : 'ask.help')}</span>
        <span class="field__count ${over ? 'field__count--over' : ''}">${over ? tn('ask.over', length - MOST) : length >= NEAR ? tn('ask.left', MOST - length) : ''}</span></p>
      <p id="hub-state" class=${this.wrong ? 'field__error' : 'small hub-ask__state'} role="status">${this.words}</p></form>`;
  }

  /** A pause does not stop a hall; what is not known may still be written. */
  #takes() {
    return this.floor !== 'closed';
  }

  /** A question that was refused comes back into the form, if nothing else is being written. @param {{text: string, name: string}} question */
  take({ text, name }) {
    if (this.draft.kept.text.trim()) {
      this.#say(t('hub.ask.busy'), true);
      return false;
    }
    this.draft.type(text);
    this.draft.forHall({ hall: true, name });
    this.#say('', false);
    this.updateComplete.then(() => /** @type {HTMLElement|null} */ (this.querySelector('textarea'))?.focus());
    return true;
  }

  /** @param {Event} event */
  #typed(event) {
    this.draft.type(/** @type {HTMLTextAreaElement} */ (event.target).value);
    this.#say('', false);
  }

  /** @param {Event} event */
  #named(event) {
    this.draft.forHall({ name: /** @type {HTMLInputElement} */ (event.target).value });
    this.requestUpdate();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event);
  }

  /** Why it cannot be sent as it is; '': it can. */
  #hindrance() {
    const text = this.draft.kept.text.trim();
    if (!text) return t('ask.empty');
    if (!this.#takes()) return t('floor.closed');
    if (!this.confirmed) return t('hub.unconfirmed');
    if (!this.people) return t('hub.undeclared');
    return [...text].length > MOST ? tn('ask.over', [...text].length - MOST) : '';
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const hindrance = this.#hindrance();
    if (hindrance) return this.#say(hindrance, true);
    const { id, text, language, hall } = this.draft.toSend(document.documentElement.lang || 'fr');
    if (!this.put({ id, text, language, name: hall?.name ?? '' })) return this.#say(t('hub.full'), true);
    this.draft.accepted(id);
    const words = t(this.offline ? 'hub.kept' : 'hub.sent');
    announce(words);
    setTimeout(() => this.words === words && this.#say('', false), READ);
    return this.#say(words, false);
  }

  /** @param {string} words @param {boolean} wrong */
  #say(words, wrong) {
    this.words = words;
    this.wrong = wrong;
    this.requestUpdate();
  }
}

define('tablee-hub-ask', HubAsk);
