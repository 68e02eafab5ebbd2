// Notes between the moderators and the chair, on either side: the newest below, "seen" with its hour under one's own, a few ready words.
// What must not be here: who may (the service says), the audience.

import { html, nothing } from 'lit';
import { seeNote, writeNote } from '../net/hand_commands.js';
import { why } from '../net/problem.js';
import { compare } from '../state/order.js';
import { LiveElement, define } from './live_element.js';
import { clock, t } from '../i18n.js';

/** @typedef {import('../state/types.js').Note} Note */

/** Notes that are shown; the older ones are over. */
const SHOWN = 12;
/** Longest note, as the service takes it. */
const MOST_CHARACTERS = 200;
const READY = ['first', 'second', 'third'];

class Notes extends LiveElement {
  static properties = { live: { attribute: false }, side: {}, news: { type: Boolean }, words: { state: true }, busy: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** @type {'desk'|'chair'} */
    this.side = 'desk';
    /** Only what the other side wrote and nobody here has read. */
    this.news = false;
    this.words = '';
    this.busy = false;
    /** The id of what is being written, the same one until it is sent. */
    this.id = crypto.randomUUID();
  }

  #notes() {
    return Object.values(this.live?.notes ?? {}).sort((a, b) => compare(a.at, b.at)).slice(-SHOWN);
  }

  render() {
    if (this.news) return this.#unread();
    const other = this.side === 'desk' ? 'chair' : 'desk';
    return html`<section class="notes" aria-labelledby="notes-title"><h2 class="kicker" id="notes-title">${t(`notes.title.${this.side}`)}</h2>
      <ol class="plain notes__list" aria-live="polite">${this.#notes().map((note) => this.#note(note))}</ol>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
      <form class="notes__form" @submit=${this.#submit}><label class="visually-hidden" for="note-text">${t(`notes.to.${other}`)}</label>
        <input class="field__input" id="note-text" name="text" maxlength=${MOST_CHARACTERS} autocomplete="off" placeholder=${t(`notes.to.${other}`)}>
        <button class="button" ?disabled=${this.busy}>${t('notes.send')}</button></form>
      <div class="buttons">${READY.map((each) => html`<button type="button" class="button button--small" ?disabled=${this.busy} @click=${() => this.#send(t(`notes.ready.${this.side}.${each}`))}>${t(`notes.ready.${this.side}.${each}`)}</button>`)}</div>
    </section>`;
  }

  #unread() {
    const unread = this.#notes().filter((note) => note.side !== this.side && !note.seen_at);
    return html`<ol class="plain notes__list" role="alert" ?hidden=${!unread.length}>${unread.map((note) => html`<li class="notes__one notes__one--new"><p dir="auto">${note.text}</p>
      <button type="button" class="button button--small" ?disabled=${this.busy} @click=${() => this.#see(note)}>${t('notes.see')}</button></li>`)}</ol>`;
  }

  /** @param {Note} note */
  #note(note) {
    const own = note.side === this.side;
    return html`<li class="notes__one ${own ? 'notes__one--own' : ''}"><p dir="auto">${note.text}</p>
      <p class="small quiet">${note.name || t(`notes.side.${note.side}`)} · ${clock(note.at)}${own ? html` · ${note.seen_at ? t('notes.seen', { time: clock(note.seen_at) }) : t('notes.unseen')}` : nothing}</p>
      ${own || note.seen_at ? nothing : html`<button type="button" class="button button--small" @click=${() => this.#see(note)}>${t('notes.see')}</button>`}</li>`;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (this.querySelector('#note-text'));
    if (field.value.trim() && (await this.#send(field.value, this.id))) {
      field.value = '';
      this.id = crypto.randomUUID();
    }
  }

  /** @param {string} text @param {string} [id] */
  #send(text, id = crypto.randomUUID()) {
    return this.#do((session) => writeNote(session.api, session.session, id, text));
  }

  /** @param {Note} note */
  #see(note) {
    return this.#do((session) => seeNote(session.api, note.id));
  }

  /** Whether it was done; the answer may come before the feed's word. @param {(session: import('../net/live.js').LiveSession) => Promise<Note>} command */
  async #do(command) {
    if (!this.session) return false;
    this.busy = true;
    try {
      this.session.learn('note', await command(this.session));
      this.words = '';
      return true;
    } catch (failure) {
      this.words = why(failure);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

define('tablee-notes', Notes);
