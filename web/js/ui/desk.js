// The moderation desk: what waits, what is published, what runs, in three columns; keyboard first; every command can be pressed too.
// What must not be here: requests (decisions.js), which key means what (state/keys.js).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { KEYS, moved, neighbour } from '../state/keys.js';
import { EMPTY, arrange, byAge, queue } from '../state/order.js';
import { COLUMNS, COLUMN_OF, LEADS_TO } from '../state/tables.js';
import { allowed, card } from './card.js';
import { Decisions } from './decisions.js';
import { askReason, askWords, showHelp } from './dialogs.js';
import { InteractionLock } from './interaction_lock.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {import('../state/tables.js').Column} Column */

class Desk extends LiveElement {
  static properties = { live: { attribute: false }, chosen: { state: true } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** @type {string|null} */
    this.chosen = null;
    this.decisions = new Decisions(() => this.requestUpdate());
    this.order = EMPTY;
    /** @type {Record<Column, string[]>} */
    this.columns = { waiting: [], published: [], running: [] };
    this.lock = new InteractionLock(this, () => this.requestUpdate());
    this.settle = false;
    /** Whether the keyboard goes to the chosen question once it is there: the one it was on has left. */
    this.follow = false;
    /** @type {Column} */
    this.left = 'waiting';
  }

  /** @param {import('../net/live.js').LiveSession} session */
  set session(session) {
    this.decisions.session = session;
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  willUpdate() {
    const items = Object.values(this.live?.items ?? {});
    /** @param {Column} column */
    const of = (column) => items.filter((item) => COLUMN_OF[item.status] === column);
    const held = !this.settle && this.lock.locked();
    this.settle = false;
    this.order = arrange(this.order, of('published'), held);
    const { own } = this.decisions;
    if (!held) own.clear();
    const columns = {
      waiting: queue(this.columns.waiting, of('waiting').sort(byAge).map((item) => item.id), held, (id) => own.has(id)),
      published: this.order.ids.filter((id) => !own.has(id) || this.live?.items[id]?.status === 'published'),
      running: of('running').sort(running).map((item) => item.id),
    };
    this.#stay(columns);
    this.columns = columns;
  }

  /** When the chosen question leaves, whoever moved it, its neighbour is chosen before it is gone. @param {Record<Column, string[]>} columns */
  #stay(columns) {
    const { chosen } = this;
    const present = this.#present(columns);
    const name = COLUMNS.find((one) => chosen && this.columns[one].includes(chosen));
    if (!chosen || !name || present[name].includes(chosen)) return;
    this.follow = document.getElementById(`card-${chosen}`)?.contains(document.activeElement) ?? false;
    this.chosen = neighbour(this.columns[name], present[name], chosen);
    this.left = name;
  }

  /** Without those that a colleague moved and whose place is kept. @param {Record<Column, string[]>} columns @returns {Record<Column, string[]>} */
  #present(columns) {
    /** @param {Column} name */
    const of = (name) => columns[name].filter((id) => COLUMN_OF[this.live?.items[id]?.status ?? ''] === name);
    return { waiting: of('waiting'), published: of('published'), running: of('running') };
  }

  updated() {
    if (!this.follow) return;
    this.follow = false;
    this.#focus(this.chosen, this.left);
  }

  render() {
    if (!this.live) return html`<p class="quiet">${t('desk.loading')}</p>`;
    const { back } = this.decisions;
    return html`<div class="desk">${COLUMNS.map((name) => this.#column(name))}</div>
      <p class="desk__help"><button type="button" class="button button--small button--quiet" @click=${help}>${t('desk.help')} <kbd>?</kbd></button></p>
      ${back ? html`<div class="toast"><span>${back.words}</span>
        <button type="button" class="button button--small" @click=${() => this.decisions.undo()}>${t('desk.undo')} <kbd>z</kbd></button></div>` : nothing}`;
  }

  /** @param {Column} name */
  #column(name) {
    const ids = this.columns[name];
    return html`<section class="desk__column" aria-labelledby="column-${name}">
      <div class="desk__head"><h2 id="column-${name}" class="desk__title" tabindex="-1">${t(`desk.${name}`)} <span class="num quiet">${ids.filter((id) => COLUMN_OF[this.live?.items[id]?.status ?? ''] === name).length}</span></h2>
      ${name === 'published' && (this.order.fresh || this.order.moved) ? html`<button type="button" class="button button--small pill" @click=${() => this.#arrange()}>
        ${this.order.fresh ? tn('questions.fresh', this.order.fresh) : t('questions.moved')}</button>` : nothing}</div>
      ${ids.length ? nothing : html`<p class="quiet desk__none">${t(`desk.none.${name}`)}</p>`}
      <ol class="plain desk__list">${repeat(ids, (id) => id, (id) => this.#card(this.live?.items[id], name))}</ol>
    </section>`;
  }

  /** @param {Item|undefined} item @param {Column} column */
  #card(item, column) {
    if (!item) return nothing;
    if (COLUMN_OF[item.status] !== column) {
      return html`<li class="card card--left"><p class="quiet">${t('desk.left', { who: item.changed_by || t('desk.someone'), status: t(`status.${item.status}`) })}</p></li>`;
    }
    return card(item, {
      removed: this.#removed,
      chosen: item.id === this.chosen,
      reached: item.id === (this.chosen ?? this.#first()),
      busy: this.decisions.busy.has(item.id),
      told: this.decisions.told?.id === item.id ? this.decisions.told.words : '',
      choose: () => this.#choose(item.id, false),
      command: (command) => this.#command(item.id, command),
    });
  }

  /** Whether the programme has the session no more. */
  get #removed() {
    return this.live?.session.removed ?? false;
  }

  /** Where Tab leads while no question is chosen. */
  #first() {
    return Object.values(this.#present(this.columns)).flat()[0] ?? null;
  }

  #arrange() {
    this.settle = true;
    this.requestUpdate();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (target.matches('input, textarea, select, [contenteditable]') || !(target === document.body || this.contains(target))) return;
    const meaning = KEYS[event.key];
    if (!meaning || (event.key.length === 1 && event.key !== '?' && !lettersAreKeys())) return;
    const moves = ['up', 'down', 'left', 'right'].includes(meaning);
    if (!moves && meaning !== 'help' && !this.contains(target)) return; // from outside, keys lead here and decide nothing
    event.preventDefault();
    if (moves) this.#choose(moved(this.#present(this.columns), this.chosen, meaning), true);
    else if (meaning === 'undo') this.decisions.undo();
    else if (meaning === 'help') help();
    else if (this.chosen) this.#command(this.chosen, meaning);
  }

  /** @param {string|null|undefined} id @param {boolean} focus */
  #choose(id, focus) {
    this.chosen = id ?? null;
    if (focus && id) this.updateComplete.then(() => this.#focus(id, this.left));
  }

  /** The keyboard goes to a question, or to the head of its column where there is none. @param {string|null} id @param {Column} column */
  #focus(id, column) {
    const target = document.getElementById(id ? `card-${id}` : `column-${column}`);
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {string} id @param {string} command */
  async #command(id, command) {
    const item = this.live?.items[id];
    if (!item || !allowed(item, this.#removed).includes(command)) return;
    if (command === 'decline') {
      const why = await askReason(item);
      if (why) await this.#send(item, 'decline', why);
    } else if (command === 'rephrase') {
      const text = await askWords(item);
      if (text) await this.#send(item, 'publish', { text });
    } else await this.#send(item, command);
  }

  /** The hand goes on to the neighbour at once: the next key means that one. @param {Item} item @param {string} command @param {Record<string, unknown>} [more] */
  async #send(item, command, more = {}) {
    const column = this.#present(this.columns)[COLUMN_OF[item.status] ?? 'waiting'];
    const next = LEADS_TO[command] === item.status ? null : neighbour(column, column.filter((id) => id !== item.id), item.id);
    if (this.chosen === item.id && next) this.#choose(next, true);
    this.settle = await this.decisions.send(item, command, more);
    if (this.settle) this.requestUpdate();
  }
}

/** Whether single letters are commands: whoever speaks to their machine can switch them off (WCAG 2.1.4). */
const LETTERS = 'tablee.letters';
const lettersAreKeys = () => localStorage.getItem(LETTERS) !== 'off';

/** The keys, in words, and the switch for those that are letters. */
async function help() {
  const letters = Object.entries(KEYS).filter(([key]) => key.length === 1);
  const on = await showHelp([...letters.map(([key, word]) => /** @type {[string, string]} */ ([key, t(`command.${word}`)])), ['← →', t('command.beside')]], lettersAreKeys());
  if (on !== null) localStorage.setItem(LETTERS, on ? 'on' : 'off');
}

/** On stage first, then what was answered or refused lately. @param {Item} a @param {Item} b */
function running(a, b) {
  const stage = Number(b.status === 'on_stage') - Number(a.status === 'on_stage');
  return stage || (a.changed_at ?? '') < (b.changed_at ?? '') ? stage || 1 : -1;
}

define('tablee-desk', Desk);
