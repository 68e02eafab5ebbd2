// The run of show: the day as it really goes, place beside place, on a clock that ticks by itself; keyboard first, every command can be
// pressed too. What must not be here: requests (given), templates of days and rows (show_day.js, show_row.js), which key means what.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { asksNext, days, openDay } from '../state/run_of_show.js';
import { ACTS, current } from '../state/show_keys.js';
import './floor.js';
import './hall_code.js';
import { LiveElement, define } from './live_element.js';
import { ShowCommands } from './show_commands.js';
import { bar } from './show_bar.js';
import { day } from './show_day.js';
import { ShowHand } from './show_hand.js';
import { row } from './show_row.js';
import { dayOf, t } from '../i18n.js';

/** @typedef {import('../state/run_of_show.js').Slot} Slot */

class RunOfShow extends LiveElement {
  static properties = {
    order: { attribute: false }, places: { attribute: false }, floors: { attribute: false }, streams: { attribute: false }, now: { attribute: false }, words: { attribute: false },
    chosen: { state: true }, opened: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../state/run_of_show.js').Order|null} */
    this.order = null;
    /** @type {import('../state/run_of_show.js').Places} */
    this.places = { stages: [], rooms: [], rehearsal: false };
    /** @type {Record<string, import('./show_row.js').Floor>} */
    this.floors = {};
    /** The stages, by their ids. @type {Record<string, import('./stage_card.js').Stage>} */
    this.streams = {};
    /** The server's clock, in ms. */
    this.now = Date.now();
    /** Why the order may be old, in words. */
    this.words = '';
    /** @type {string|null} */
    this.chosen = null;
    /** Days and folds that a person opened or closed. @type {Record<string, boolean|undefined>} */
    this.opened = {};
    /** @type {import('../state/run_of_show.js').Day[]} */
    this.days = [];
    /** Those that come next in a place today. @type {Set<string>} */
    this.nexts = new Set();
    this.held = false;
    /** @type {ShowCommands|null} */
    this.commands = null;
    /** @type {(session: string, wish: import('./floor.js').Wish) => Promise<unknown>} */
    this.changeFloor = () => Promise.reject(new Error('not ready'));
    /** @type {(session: string, anew: boolean) => Promise<{code: string}>} */
    this.hallCode = () => Promise.reject(new Error('not ready'));
    this.hand = new ShowHand(this);
  }

  /** @param {Omit<import('./show_commands.js').Deps, 'order'|'changed'>} requests */
  set requests(requests) {
    this.commands = new ShowCommands({ ...requests, order: () => this.order, changed: () => this.requestUpdate() });
  }

  willUpdate() {
    this.held = this.contains(document.activeElement);
    if (this.order) this.days = days(this.order, this.places.stages, this.places.rooms);
    this.nexts = new Set(this.#columns().map(({ next }) => next?.session ?? ''));
    if (this.chosen && !this.#slot(this.chosen)) this.chosen = null;
  }

  /** A button that is gone does not take the keyboard with it. */
  updated() {
    if (this.held && !this.contains(document.activeElement) && !document.querySelector('dialog[open]')) this.hand.focus();
  }

  render() {
    if (!this.order) return html`<p class="quiet">${this.words || t('show.loading')}</p>`;
    const { told, done } = this.commands ?? {};
    const today = this.#today();
    return html`<div class="show" tabindex="-1">${bar(this.order, this.now, () => this.commands?.undo())}
      ${this.words ? html`<p class="note note--error">${this.words}</p>` : nothing}
      ${told?.id === '' ? html`<p class="field__error" role="alert">${told.words}</p>` : nothing}
      ${this.days.length ? repeat(this.days, (one) => one.day, (one) => day(one, this.days.length === 1, today, this)) : html`<p class="quiet">${t('control.none')}</p>`}
      ${done ? html`<div class="toast"><span>${done}</span></div>` : nothing}</div>`;
  }

  /** Whether a person opened it; else as it is by itself. @param {string} id @param {boolean} otherwise */
  open(id, otherwise) {
    return this.opened[id] ?? otherwise;
  }

  /** @param {string} id @param {boolean|undefined} open */
  fold(id, open) {
    this.opened = { ...this.opened, [id]: open };
  }

  #today() {
    return openDay(this.days, dayOf(this.now));
  }

  /** @param {Slot[]} slots */
  rows(slots) {
    const reached = this.chosen ?? this.current();
    return html`<ol class="plain">${repeat(slots, (slot) => slot.session, (slot) => row(slot, this.#hand(slot.session, slot.session === reached)))}</ol>`;
  }

  /** @param {string} id @param {boolean} reached @returns {import('./show_row.js').Hand} */
  #hand(id, reached) {
    const { busy = false, told = null } = this.commands ?? {};
    const after = this.floors[id] ? asksNext(this.#columns(), id) : null;
    return {
      now: this.now, chosen: id === this.chosen, next: this.nexts.has(id), reached, busy, told: told?.id === id ? told.words : '', floor: this.floors[id], rehearsal: this.places.rehearsal,
      after, handOver: () => after && this.#handOver(id, after.session),
      choose: () => {
        this.chosen = id;
      },
      act: (act) => this.act(id, act),
      change: (wish) => this.changeFloor(id, wish),
      code: (session, anew) => this.hallCode(session, anew),
    };
  }

  /** @param {string} from @param {string} to */
  #handOver(from, to) {
    return this.commands?.carryOut(from, t('show.about.over_to', { title: this.#slot(to)?.title ?? '' }), async () => {
      await this.changeFloor(from, 'closed');
      await this.changeFloor(to, 'open');
    });
  }

  /** The session the hand begins with. */
  current() {
    return current(this.#columns());
  }

  /** The places of today. */
  #columns() {
    return this.days.find((one) => one.day === this.#today())?.columns ?? [];
  }

  /** @param {string} id @returns {Slot|undefined} */
  #slot(id) {
    return this.order?.slots.find(({ session }) => session === id);
  }

  /** @param {string} id @param {import('../state/show_keys.js').Act} act */
  async act(id, act) {
    const slot = this.#slot(id);
    if (!slot || !ACTS[slot.progress].includes(act)) return;
    this.chosen = id;
    await this.commands?.act(slot, act);
    await this.updateComplete;
    this.hand.focus();
  }
}

define('tablee-show', RunOfShow);
