// My questions, one line each: its state and its first words. Opened, the state in a sentence, why it was declined, its whole story, and what
// its author may still do with it. What must not be here: requests (given as `deeds`).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { why } from '../net/problem.js';
import { byAge } from '../state/order.js';
import { MARKS } from '../state/tables.js';
import { announce } from './announce.js';
import { Editing } from './editing.js';
import { LiveElement, define } from './live_element.js';
import { Stories, ways } from './mine_ways.js';
import { more, short, standing, told } from './mine_words.js';
import { words } from './question.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** So many lines are shown before the others are asked for: where it is narrow, the questions of all need the room. */
const LINES = 2;
const NARROW = matchMedia('(max-width: 42rem), (max-height: 31.24rem)');

class Mine extends LiveElement {
  static properties = { mine: { attribute: false }, elsewhere: { attribute: false }, refused: { state: true }, erasing: { state: true }, all: { type: Boolean } };

  constructor() {
    super();
    /** @type {Record<string, Item>|null} */
    this.mine = null;
    /** What one asked in a session that the programme has no more: to be read. @type {{title: string, mine: Record<string, Item>}|null} */
    this.elsewhere = null;
    /** @type {{id: string, words: string}|null} */
    this.refused = null;
    /** The question whose end was asked for, and is still to be meant. */
    this.erasing = '';
    /** Whether all lines are shown, where the room is theirs from the beginning. */
    this.all = false;
    /** @type {Map<string, string>} */
    this.heard = new Map();
    /** @type {import('./mine_ways.js').Deeds|null} */
    this.deeds = null;
    this.editing = new Editing(async (item, text, command) => this.deeds?.change(item, text, command), () => this.requestUpdate());
    this.stories = new Stories(async (id) => this.deeds?.history(id) ?? [], () => this.requestUpdate());
    this.addEventListener('click', ({ target }) => this.#press(/** @type {Element} */ (target).closest('[data-act]')));
    NARROW.addEventListener('change', () => this.requestUpdate());
  }

  /** A step of one's own question is worth hearing. @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('mine') || !this.mine) return;
    for (const item of Object.values(this.mine)) {
      const before = this.heard.get(item.id);
      if (before !== undefined && before !== told(item)) announce(standing(item));
      this.heard.set(item.id, told(item));
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
    return html`<div class="mine__bar"><ol class="plain mine__list">${repeat(this.all ? items : items.slice(0, most), ({ id }) => id, (item) => this.#one(item, here))}</ol>
      ${others > 0 ? html`<button type="button" class="button button--small button--quiet mine__others" aria-expanded=${this.all ? 'true' : 'false'}
        @click=${() => { this.all = !this.all; }}>${this.all ? t('question.less') : html`<span aria-hidden="true">+${others}</span><span class="visually-hidden">${tn('mine.others', others)}</span>`}</button>` : nothing}</div>`;
  }

  /** @param {Item} item @param {boolean} here  Whether its author can still do something with it. */
  #one(item, here) {
    return html`<li class="mine mine--${item.status}"><details class="mine__fold">
      <summary class="mine__line"><span class="badge badge--${MARKS[item.status] ?? 'quiet'}">${short(item)}</span>
        <span class="mine__words" dir="auto" lang=${item.language || nothing}>${item.text}</span></summary>
      <div class="mine__whole"><p class="mine__state">${standing(item)}</p>
      ${item.note ? html`<p class="mine__note"><span class="quiet">${t('mine.note')}</span> <bdi>${item.note}</bdi></p>` : nothing}
      ${this.editing.of(item) ?? words(item)}
      ${item.original && item.original !== item.text ? html`<p class="mine__original small"><span class="quiet">${t('mine.rephrased')}</span> <bdi>${item.original}</bdi></p>` : nothing}
      ${more(item)}${here && !this.editing.has(item.id) ? ways(item, this.erasing === item.id) : nothing}
      ${this.refused?.id === item.id ? html`<p class="field__error" role="alert">${this.refused.words}</p>` : nothing}
      ${this.stories.of(item, told(item))}</div>
    </details></li>`;
  }

  /** @param {Element|null} button */
  async #press(button) {
    const { act, id = '' } = /** @type {HTMLElement|null} */ (button)?.dataset ?? {};
    const item = this.mine?.[id];
    if (!item || !act) return;
    this.erasing = act === 'erase' ? id : '';
    if (act === 'edit' || act === 'amend') this.editing.begin(item, act, this);
    else if (act === 'withdraw' || act === 'appeal') await this.#do(item, act);
    else if (act === 'erase.yes') await this.#do(item, 'erase');
  }

  /** @param {Item} item @param {'withdraw'|'appeal'|'erase'} act */
  async #do(item, act) {
    this.refused = null;
    try {
      await this.deeds?.act(item, act);
      announce(t(`mine.${act}.done`));
    } catch (failure) {
      this.refused = { id: item.id, words: why(failure) };
    }
  }
}

define('tablee-mine', Mine);
