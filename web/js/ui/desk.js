// The moderation desk: what waits, what is published, what runs, in three columns; keyboard first; every command can be pressed too.
// What must not be here: requests (decisions.js), which key means what (state/keys.js).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { KEYS, moved, neighbour } from '../state/keys.js';
import { EMPTY, arrange, byAge, queue } from '../state/order.js';
import { COLUMNS, COLUMN_OF } from '../state/tables.js';
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
    if (this.chosen && !COLUMNS.some((name) => columns[name].includes(/** @type {string} */ (this.chosen)))) this.chosen = null;
    this.columns = columns;
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
    return COLUMNS.flatMap((name) => this.columns[name].filter((id) => COLUMN_OF[this.live?.items[id]?.status ?? ''] === name))[0] ?? null;
  }

  #arrange() {
    this.settle = true;
    this.requestUpdate();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (target.matches('input, textarea, select, [contenteditable]')) return;
    const meaning = KEYS[event.key];
    if (!meaning) return;
    event.preventDefault();
    if (['up', 'down', 'left', 'right'].includes(meaning)) this.#choose(moved(this.columns, this.chosen, meaning), true);
    else if (meaning === 'undo') this.decisions.undo();
    else if (meaning === 'help') help();
    else if (this.chosen) this.#command(this.chosen, meaning);
  }

  /** @param {string|null|undefined} id @param {boolean} focus */
  #choose(id, focus) {
    this.chosen = id ?? null;
    if (focus && id) this.updateComplete.then(() => document.getElementById(`card-${id}`)?.focus());
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

  /** Then the hand goes on to the neighbour. @param {Item} item @param {string} command @param {Record<string, unknown>} [more] */
  async #send(item, command, more = {}) {
    const before = this.columns[COLUMN_OF[item.status] ?? 'waiting'];
    this.settle = await this.decisions.send(item, command, more);
    if (!this.settle || this.chosen !== item.id) return;
    const next = neighbour(before, before.filter((id) => id !== item.id), item.id);
    this.#choose(next, true);
    if (!next) /** @type {HTMLElement|null} */ (this.querySelector(`#column-${COLUMN_OF[item.status]}`))?.focus();
  }
}

/** The keys, in words. */
function help() {
  const letters = Object.entries(KEYS).filter(([key]) => key.length === 1);
  showHelp([...letters.map(([key, word]) => /** @type {[string, string]} */ ([key, t(`command.${word}`)])), ['← →', t('command.beside')]]);
}

/** On stage first, then what was answered or refused lately. @param {Item} a @param {Item} b */
function running(a, b) {
  const stage = Number(b.status === 'on_stage') - Number(a.status === 'on_stage');
  return stage || (a.changed_at ?? '') < (b.changed_at ?? '') ? stage || 1 : -1;
}

define('tablee-desk', Desk);
