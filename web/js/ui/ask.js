// The form that asks, one line until it is touched: what is typed is kept until the platform has it; the counter, the floor, the wait between
// two questions and every refusal in words. What must not be here: the request (given as `send`), storage (state/draft.js).

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { why } from '../net/problem.js';
import { Draft } from '../state/draft.js';
import { MOST_CHARACTERS as MOST } from '../state/tables.js';
import { Waiting } from '../state/waiting.js';
import { announce } from './announce.js';
import { Fold } from './fold.js';
import { forHall } from './hall.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';
import './similar.js';

/** From here on the counter is shown and heard. */
const NEAR = 400;
/** A good word is read by then, in ms. */
const READ = 9_000;
/** @typedef {'typing'|'sending'|'retrying'|'sent'|'refused'|'waiting'} Phase */

class Ask extends LiveElement {
  static properties = { floor: { attribute: false }, people: { attribute: false }, slow: { attribute: false }, silenced: { attribute: false }, phase: { state: true }, words: { state: true }, length: { state: true }, left: { state: true }, open: { state: true } };

  constructor() {
    super();
    /** @type {import('../state/tables.js').FloorState|null} */
    this.floor = null;
    /** In the hall of the host who asks. */
    this.people = 0;
    /** Seconds that a person waits between two questions here; 0: no more than everywhere. */
    this.slow = 0;
    /** Whether a moderator muted whoever asks. */
    this.silenced = false;
    /** @type {Phase} */
    this.phase = 'typing';
    this.words = '';
    this.length = 0;
    /** Seconds until the next question may leave. */
    this.left = 0;
    /** Whether somebody is at it: then it is whole, else one line. */
    this.open = false;
    this.fold = new Fold(this, (open) => { this.open = open; });
    this.similar = /** @type {any} */ (document.createElement('tablee-similar'));
    this.speech = document.documentElement.lang || 'fr';
    /** @type {(question: {id: string, text: string, language: string, anonymous: boolean}, waiting: () => void) => Promise<unknown>} */
    this.send = () => Promise.reject(new Error('not ready'));
    this.draft = new Draft(sessionStorage, this.dataset.session ?? '', () => crypto.randomUUID());
    this.length = [...this.draft.kept.text].length;
    this.wait = new Waiting({ set: (fn, ms) => setTimeout(fn, ms), clear: (id) => clearTimeout(id), now: () => performance.now() }, (left) => this.#waits(left));
  }

  /** The feed shows that a question has arrived, even if the answer to its request was lost. @param {Record<string, unknown>} mine */
  arrived(mine) {
    const { id } = this.draft.kept;
    if (id in mine && this.phase !== 'sending' && this.draft.accepted(id)) this.#done();
  }

  render() {
    if (this.silenced) return html`<p class="ask__closed" role="status">${t('ask.muted')}</p>`;
    if (!this.#takes() && !this.draft.kept.text) return html`<p class="ask__closed quiet">${t(`floor.${this.floor ?? 'unknown'}`)}</p>`;
    const open = this.#takes();
    this.similar.typed(open ? this.draft.kept.text : '');
    const over = this.length > MOST;
    const able = open && !over && !['sending', 'retrying', 'waiting'].includes(this.phase);
    return html`<form class="ask ask--${this.phase} ${this.open ? 'ask--open' : ''}" @submit=${this.#submit} novalidate>${this.similar}
      <div class="field ask__field ${this.phase === 'refused' || over ? 'field--wrong' : ''}">
        <label class="field__label ask__label" for="ask-text">${t('ask.label')}</label>
        <textarea class="field__input ask__text" id="ask-text" rows="1" autocomplete="off" enterkeyhint="enter"
          aria-describedby="ask-help ask-count ask-state" placeholder=${t('ask.placeholder')}
          .value=${live(this.draft.kept.text)} @input=${this.#typed} @keydown=${this.#key}></textarea></div>
      <button class="button button--primary ask__send" aria-disabled=${able ? 'false' : 'true'}>${t('ask.send')}</button>
      <div class="ask__more"><p class="field__help row row--between"><span id="ask-help">${open ? this.slow ? tn('ask.slow', this.slow / 60) : t('ask.help') : t(`floor.${this.floor ?? 'unknown'}`)}</span>
          <span class="field__count ${over ? 'field__count--over' : ''}" id="ask-count">${this.#count()}</span></p>
        <label class="switch"><input type="checkbox" .checked=${this.draft.kept.anonymous} @change=${this.#hide}><span>${t('ask.anonymous')}</span></label>
        ${forHall(this.draft.kept, this.people, (change) => this.#forHall(change))}</div>
      ${this.phase === 'waiting' ? html`<p class="ask__state small num" aria-hidden="true">${this.#wait()}</p>` : nothing}
      <p id="ask-state" class="ask__state ${this.phase === 'waiting' ? 'visually-hidden' : this.phase === 'refused' ? 'field__error' : 'small'}" role="status">${this.words || nothing}</p>
    </form>`;
  }

  /** A hall collects questions of many people: a pause does not stop it. */
  #takes() {
    return this.floor === 'open' || (this.people > 0 && this.floor === 'paused');
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

  /** @param {{hall?: boolean, name?: string}} change */
  #forHall(change) {
    this.draft.forHall(this.people ? change : { hall: false });
    this.requestUpdate();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event);
  }

  /** Why it cannot be sent as it is; empty: it can. */
  #hindrance() {
    if (!this.#takes()) return t(`floor.${this.floor ?? 'unknown'}`);
    if (!this.draft.kept.text.trim()) return t('ask.empty');
    return this.length > MOST ? tn('ask.over', this.length - MOST) : '';
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    if (this.phase === 'sending' || this.phase === 'retrying') return;
    if (this.wait.left()) return announce(this.#wait(this.wait.left()));
    const hindrance = this.#hindrance();
    if (hindrance) return this.#say('refused', hindrance);
    if (!this.people) this.draft.forHall({ hall: false });
    const question = this.draft.toSend(this.speech);
    this.#say('sending', t('ask.sending'));
    try {
      await this.send(question, () => this.#say('retrying', t('ask.retrying')));
      if (this.draft.accepted(question.id)) this.#done();
      else this.#say('sent', t('ask.sent'));
    } catch (failure) {
      this.#failed(/** @type {any} */ (failure));
    }
  }

  /** @param {{message?: string, code?: string, retryAfter?: number|null}} failure */
  #failed(failure) {
    this.#say('refused', why(failure));
    if (!failure.retryAfter || !['qa.too_fast', 'qa.slow_mode'].includes(failure.code ?? '')) return;
    this.phase = 'waiting';
    this.wait.begin(failure.retryAfter);
  }

  /** @param {number} left */
  #wait(left = this.left) {
    return left < 60 ? tn('ask.wait', left) : t('ask.wait.long', { time: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` });
  }

  /** Seen each second, heard at the beginning (the refusal) and at the end. @param {number} left */
  #waits(left) {
    this.left = left;
    if (!left && this.phase === 'waiting') this.#say('sent', t('ask.ready'));
  }

  #done() {
    this.length = 0;
    this.wait.stop();
    if (matchMedia('(pointer: coarse)').matches) /** @type {HTMLElement|null} */ (this.querySelector(':focus'))?.blur();
    this.#say('sent', t('ask.sent'));
    announce(t('ask.sent'));
    setTimeout(() => this.words === t('ask.sent') && this.#say('typing', ''), READ);
  }

  /** @param {Phase} phase @param {string} words */
  #say(phase, words) {
    this.phase = phase;
    this.words = words;
  }
}

define('tablee-ask', Ask);
