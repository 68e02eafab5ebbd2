// What moderators have with the chair, behind one button: notes with their receipt, raised hands; the button counts what is new.
// What must not be here: the desk itself, commands (hand_line.js, notes.js).

import { html, nothing } from 'lit';
import './hand_line.js';
import './notes.js';
import './seat_line.js';
import { icon } from './icon.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

class NoteDesk extends LiveElement {
  static properties = { live: { attribute: false }, open: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    this.open = false;
  }

  render() {
    const unread = Object.values(this.live?.notes ?? {}).filter((note) => note.side === 'chair' && !note.seen_at).length;
    const hands = this.live?.hands.count ?? 0;
    return html`<button type="button" class="button button--small note-desk__button" aria-expanded=${this.open ? 'true' : 'false'} aria-controls="note-desk"
      @click=${() => { this.open = !this.open; }}>${tn('notes.button', unread)}${hands ? html`<span class="note-desk__hands" title=${tn('hands', hands)}>${icon('hand')}<span class="num" aria-hidden="true">${hands}</span><span class="visually-hidden">${tn('hands', hands)}</span></span>` : nothing}</button>
      <section id="note-desk" class="poll-desk note-desk" aria-label=${t('notes.title.desk')} ?hidden=${!this.open} @keydown=${this.#key}>${this.open ? this.#panel() : nothing}</section>`;
  }

  /** Keys here are not the desk's. @param {KeyboardEvent} event */
  #key(event) {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    this.open = false;
    /** @type {HTMLElement|null} */ (this.querySelector('.note-desk__button'))?.focus();
  }

  #panel() {
    return html`<tablee-notes .live=${this.live} .session=${this.session} side="desk"></tablee-notes>
      <tablee-hands .live=${this.live} .session=${this.session}></tablee-hands>
      <tablee-seats .live=${this.live} .session=${this.session}></tablee-seats>`;
  }
}

define('tablee-note-desk', NoteDesk);
