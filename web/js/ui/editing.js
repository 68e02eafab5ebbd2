// Other words for one's own question while it waits: what is typed stays until the platform has it, or its author lets it go.
// What must not be here: the request (given as `send`), the list of one's questions.

import { html, nothing } from 'lit';
import { why } from '../net/problem.js';
import { AMENDABLE, EDITABLE, MOST_CHARACTERS as MOST } from '../state/tables.js';
import { announce } from './announce.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

export class Editing {
  /**
   * @param {(item: Item, text: string, command: 'edit'|'amend') => Promise<unknown>} send
   * @param {() => void} changed
   */
  constructor(send, changed) {
    this.send = send;
    this.changed = changed;
    this.id = '';
    /** While it waits, or of a published one that waits again then. @type {'edit'|'amend'} */
    this.command = 'edit';
    this.text = '';
    this.words = '';
    this.busy = false;
  }

  /** @param {string} id */
  has(id) {
    return this.id === id;
  }

  /** @param {Item} item @param {'edit'|'amend'} command @param {import('lit').LitElement} host */
  async begin(item, command, host) {
    Object.assign(this, { id: item.id, command, text: item.text, words: '' });
    this.changed();
    await host.updateComplete;
    /** @type {HTMLElement|null} */ (host.querySelector('.editing textarea'))?.focus();
  }

  end() {
    this.id = '';
    this.changed();
  }

  /** The form, or null where this question is not being changed. @param {Item} item */
  of(item) {
    if (!this.has(item.id)) return null;
    const still = (this.command === 'edit' ? EDITABLE : AMENDABLE).includes(item.status);
    return html`<form class="editing stack stack--tight" novalidate @submit=${(/** @type {Event} */ event) => this.#submit(event, item)}>
      <textarea class="field__input" rows="3" aria-label=${t('mine.edit.label')} .value=${this.text} @input=${this.#typed.bind(this)} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, item)}></textarea>
      ${still ? nothing : html`<p class="small">${t('mine.edit.late')}</p>`}
      ${still && this.command === 'amend' ? html`<p class="small">${t('mine.amend.help')}</p>` : nothing}
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
      <p class="buttons">${still ? html`<button class="button button--small button--primary" aria-disabled=${this.busy ? 'true' : 'false'}>${t('mine.edit.save')}</button>` : nothing}
        <button type="button" class="button button--small" @click=${() => this.end()}>${t('mine.edit.leave')}</button></p></form>`;
  }

  /** @param {Event} event */
  #typed(event) {
    this.text = /** @type {HTMLTextAreaElement} */ (event.target).value;
  }

  /** @param {KeyboardEvent} event @param {Item} item */
  #key(event, item) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event, item);
  }

  /** @param {Event} event @param {Item} item */
  async #submit(event, item) {
    event.preventDefault();
    if (this.busy) return;
    const text = this.text.trim();
    const over = [...text].length - MOST;
    if (!text || over > 0) return this.#say(text ? tn('ask.over', over) : t('ask.empty'));
    if (text === item.text) return this.end();
    this.busy = true;
    try {
      await this.send(item, text, this.command);
      announce(t('mine.edited'));
      this.end();
    } catch (failure) {
      this.#say(why(failure));
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  /** @param {string} words */
  #say(words) {
    this.words = words;
    this.changed();
  }
}
