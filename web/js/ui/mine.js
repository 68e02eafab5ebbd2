// My questions: the state of each in a sentence, why one was declined, and withdrawing one while it waits.
// What must not be here: requests (it fires 'withdraw').

import { html, nothing } from 'lit';
import { byAge } from '../state/order.js';
import { MARKS, RETRACTABLE } from '../state/tables.js';
import { announce } from './announce.js';
import { LiveElement, define } from './live_element.js';
import { words } from './question.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */


/** The state of a question, addressed to its author. @param {Item} item */
export function standing(item) {
  if (item.status === 'published') return tn('mine.published', item.votes);
  if (item.status === 'declined') return t(item.reason ? `mine.declined.${item.reason}` : 'mine.declined');
  return t(`mine.${item.status}`);
}

class Mine extends LiveElement {
  static properties = { mine: { attribute: false }, elsewhere: { attribute: false }, refused: { attribute: false } };

  constructor() {
    super();
    /** @type {Record<string, Item>|null} */
    this.mine = null;
    /** What one asked in a session that the programme has no more: to be read. @type {{title: string, mine: Record<string, Item>}|null} */
    this.elsewhere = null;
    /** @type {{id: string, words: string}|null} */
    this.refused = null;
    /** @type {Map<string, string>} */
    this.heard = new Map();
  }

  /** A step of one's own question is worth hearing. @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('mine') || !this.mine) return;
    for (const item of Object.values(this.mine)) {
      const before = this.heard.get(item.id);
      if (before !== undefined && before !== item.status) announce(standing(item));
      this.heard.set(item.id, item.status);
    }
  }

  render() {
    return html`${this.#here(Object.values(this.mine ?? {}).sort(byAge).reverse())}${this.#there()}`;
  }

  #there() {
    const items = Object.values(this.elsewhere?.mine ?? {}).sort(byAge).reverse();
    if (!items.length) return nothing;
    return html`<h2 class="mine__title" dir="auto">${t('mine.elsewhere', { title: this.elsewhere?.title ?? '' })}</h2>
      <ol class="plain mine__list">${items.map((item) => this.#one(item, false))}</ol>`;
  }

  /** @param {Item[]} items */
  #here(items) {
    if (!items.length) return nothing;
    const [newest, ...others] = items;
    return html`<h2 class="mine__title" id="mine">${tn('mine.title', items.length)}</h2>
      <ol class="plain mine__list">${newest ? this.#one(newest) : nothing}</ol>
      ${others.length ? html`<details class="mine__others"><summary>${tn('mine.others', others.length)}</summary>
        <ol class="plain mine__list">${others.map((item) => this.#one(item))}</ol></details>` : nothing}`;
  }

  /** @param {Item} item @param {boolean} [open]  Whether it can still be withdrawn here. */
  #one(item, open = true) {
    return html`<li class="mine mine--${item.status}">
      <p class="badge badge--${MARKS[item.status]}">${standing(item)}</p>
      ${item.note ? html`<p class="mine__note"><span class="quiet">${t('mine.note')}</span> ${item.note}</p>` : nothing}
      ${item.status === 'on_stage' ? nothing : words(item)}
      ${item.original && item.original !== item.text
        ? html`<details class="mine__original"><summary>${t('mine.rephrased')}</summary><p>${item.original}</p></details>` : nothing}
      ${open && RETRACTABLE.includes(item.status)
        ? html`<p><button type="button" class="button button--small button--quiet" @click=${() => this.tell('withdraw', item)}>${t('mine.withdraw')}</button></p>` : nothing}
      ${this.refused?.id === item.id ? html`<p class="field__error" role="alert">${this.refused.words}</p>` : nothing}
    </li>`;
  }
}

define('tablee-mine', Mine);
