// My questions, one line each: its state and its first words. Opened, the state in a sentence, why it was declined, and what its author may
// still do with it. What must not be here: requests (given as `change`; it fires 'withdraw').

import { html, nothing } from 'lit';
import { byAge } from '../state/order.js';
import { EDITABLE, MARKS, RETRACTABLE } from '../state/tables.js';
import { announce } from './announce.js';
import { Editing } from './editing.js';
import { LiveElement, define } from './live_element.js';
import { words } from './question.js';
import { first, t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** So many lines are shown before the others are asked for: where it is narrow, the questions of all need the room. */
const LINES = 2;
const NARROW = matchMedia('(max-width: 42rem), (max-height: 31.24rem)');

/** The state of a question, addressed to its author. @param {Item} item */
export function standing(item) {
  if (item.status === 'published') return tn('mine.published', item.votes);
  return first(...(item.reason ? [`mine.${item.status}.${item.reason}`] : []), `mine.${item.status}`, 'mine.other');
}

class Mine extends LiveElement {
  static properties = { mine: { attribute: false }, elsewhere: { attribute: false }, refused: { attribute: false }, all: { state: true } };

  constructor() {
    super();
    /** @type {Record<string, Item>|null} */
    this.mine = null;
    /** What one asked in a session that the programme has no more: to be read. @type {{title: string, mine: Record<string, Item>}|null} */
    this.elsewhere = null;
    /** @type {{id: string, words: string}|null} */
    this.refused = null;
    this.all = false;
    /** @type {Map<string, string>} */
    this.heard = new Map();
    /** @type {(item: Item, text: string) => Promise<unknown>} */
    this.change = () => Promise.reject(new Error('not ready'));
    this.editing = new Editing((item, text) => this.change(item, text), () => this.requestUpdate());
    NARROW.addEventListener('change', () => this.requestUpdate());
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
    const items = Object.values(this.mine ?? {}).sort(byAge).reverse();
    const elsewhere = Object.values(this.elsewhere?.mine ?? {}).sort(byAge).reverse();
    return html`${items.length ? html`<h2 class="visually-hidden">${tn('mine.title', items.length)}</h2>${this.#list(items, true)}` : nothing}
      ${elsewhere.length ? html`<h2 class="mine__title" dir="auto">${t('mine.elsewhere', { title: this.elsewhere?.title ?? '' })}</h2>${this.#list(elsewhere, false)}` : nothing}`;
  }

  /** @param {Item[]} items @param {boolean} here */
  #list(items, here) {
    const most = NARROW.matches ? 1 : LINES;
    const others = items.length - most;
    return html`<div class="mine__bar"><ol class="plain mine__list">${(this.all ? items : items.slice(0, most)).map((item) => this.#one(item, here))}</ol>
      ${others > 0 ? html`<button type="button" class="button button--small button--quiet mine__others" aria-expanded=${this.all ? 'true' : 'false'}
        @click=${() => { this.all = !this.all; }}>${this.all ? t('question.less') : html`<span aria-hidden="true">+${others}</span><span class="visually-hidden">${tn('mine.others', others)}</span>`}</button>` : nothing}</div>`;
  }

  /** @param {Item} item @param {boolean} here  Whether its author can still do something with it. */
  #one(item, here) {
    return html`<li class="mine mine--${item.status}"><details class="mine__fold">
      <summary class="mine__line"><span class="badge badge--${MARKS[item.status] ?? 'quiet'}">${first(`mine.short.${item.status}`, 'mine.short.other')}</span>
        <span class="mine__words" dir="auto" lang=${item.language || nothing}>${item.text}</span></summary>
      <div class="mine__whole"><p class="mine__state">${standing(item)}</p>
      ${item.note ? html`<p class="mine__note"><span class="quiet">${t('mine.note')}</span> <bdi>${item.note}</bdi></p>` : nothing}
      ${this.editing.of(item) ?? words(item)}
      ${item.original && item.original !== item.text ? html`<p class="mine__original small"><span class="quiet">${t('mine.rephrased')}</span> <bdi>${item.original}</bdi></p>` : nothing}
      ${here ? this.#ways(item) : nothing}
      ${this.refused?.id === item.id ? html`<p class="field__error" role="alert">${this.refused.words}</p>` : nothing}</div>
    </details></li>`;
  }

  /** @param {Item} item */
  #ways(item) {
    if (this.editing.has(item.id)) return nothing;
    const edit = EDITABLE.includes(item.status);
    const retract = RETRACTABLE.includes(item.status);
    if (!edit && !retract) return nothing;
    return html`<p class="buttons mine__ways">${edit ? html`<button type="button" class="button button--small button--quiet" @click=${() => this.editing.begin(item, this)}>${t('mine.edit')}</button>` : nothing}
      ${retract ? html`<button type="button" class="button button--small button--quiet" @click=${() => this.tell('withdraw', item)}>${t('mine.withdraw')}</button>` : nothing}</p>`;
  }
}

define('tablee-mine', Mine);
