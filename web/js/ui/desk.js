// The moderation desk: what waits, what is published, what runs, in three columns; keyboard first; every command can be pressed too.
// What must not be here: requests (net/commands.js does them through `session`), which key means what (state/keys.js).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { move } from '../net/commands.js';
import { Problem } from '../net/problem.js';
import { ALLOWED, COLUMNS, COLUMN_OF, KEYS, REVERSE, moved, neighbour } from '../state/keys.js';
import { EMPTY, arrange, byAge, queue } from '../state/order.js';
import { announce } from './announce.js';
import { card } from './card.js';
import { askReason, askWords, showHelp } from './decline.js';
import { Hold } from './hold.js';
import { Light, define } from './light.js';
import { t, tn } from './words.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {import('../state/keys.js').Column} Column */

/** How long a command can be taken back, in ms. */
const UNDO = 10_000;

class Desk extends Light {
  static properties = { live: { attribute: false }, chosen: { state: true }, told: { state: true }, undo: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** @type {string|null} */
    this.chosen = null;
    /** @type {{id: string, words: string}|null} */
    this.told = null;
    /** @type {{id: string, command: string, words: string}|null} */
    this.undo = null;
    this.timer = 0;
    this.order = EMPTY;
    /** Questions this page moved: their cards leave at once. @type {Set<string>} */
    this.own = new Set();
    /** @type {Set<string>} */
    this.busy = new Set();
    /** @type {Record<Column, string[]>} */
    this.columns = { waiting: [], published: [], running: [] };
    this.hold = new Hold(this, () => this.requestUpdate());
    this.settle = false;
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  willUpdate() {
    const items = Object.values(this.live?.items ?? {});
    /** @param {Column} column */
    const of = (column) => items.filter((item) => COLUMN_OF[item.status] === column);
    const held = !this.settle && this.hold.held();
    this.settle = false;
    this.order = arrange(this.order, of('published'), held);
    if (!held) this.own.clear();
    const columns = {
      waiting: queue(this.columns.waiting, of('waiting').sort(byAge).map((item) => item.id), held, (id) => this.own.has(id)),
      published: this.order.ids.filter((id) => !this.own.has(id) || this.live?.items[id]?.status === 'published'),
      running: of('running').sort(running).map((item) => item.id),
    };
    if (this.chosen && !COLUMNS.some((name) => columns[name].includes(/** @type {string} */ (this.chosen)))) this.chosen = null;
    this.columns = columns;
  }

  render() {
    if (!this.live) return html`<p class="quiet">${t('desk.loading')}</p>`;
    return html`<div class="desk">${COLUMNS.map((name) => this.#column(name))}</div>
      ${this.undo ? html`<div class="toast" role="status"><span>${this.undo.words}</span>
        <button type="button" class="button button--small" @click=${() => this.#undo()}>${t('desk.undo')} <kbd>z</kbd></button></div>` : nothing}`;
  }

  /** @param {Column} name */
  #column(name) {
    const ids = this.columns[name];
    return html`<section class="desk__column" aria-labelledby="column-${name}">
      <div class="desk__head"><h2 id="column-${name}" class="desk__title">${t(`desk.${name}`)} <span class="num quiet">${ids.filter((id) => COLUMN_OF[this.live?.items[id]?.status ?? ''] === name).length}</span></h2>
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
      chosen: item.id === this.chosen,
      busy: this.busy.has(item.id),
      told: this.told?.id === item.id ? this.told.words : '',
      choose: () => this.#choose(item.id, false),
      command: (command) => this.#command(item.id, command),
    });
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
    else if (meaning === 'undo') this.#undo();
    else if (meaning === 'help') showHelp(Object.entries(KEYS).filter(([key]) => key.length === 1).map(([key, word]) => [key, t(`command.${word}`)]));
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
    if (!item || this.busy.has(id) || !ALLOWED[item.status]?.includes(command)) return;
    if (command === 'decline') {
      const why = await askReason(item);
      if (why) await this.#send(item, 'decline', why);
    } else if (command === 'rephrase') {
      const text = await askWords(item);
      if (text) await this.#send(item, 'publish', { text });
    } else await this.#send(item, command);
  }

  /** @param {Item} item @param {string} command @param {Record<string, unknown>} [more] */
  async #send(item, command, more = {}) {
    if (!this.session) return;
    const before = this.columns[COLUMN_OF[item.status] ?? 'waiting'];
    this.busy = new Set([...this.busy, item.id]);
    this.told = null;
    this.requestUpdate();
    try {
      const now = await move(this.session.api, item, command, more);
      this.own.add(item.id);
      this.session.learn('item', now);
      this.#offer(item, command);
      if (this.chosen === item.id) this.#choose(neighbour(before, before.filter((id) => id !== item.id), item.id) ?? item.id, true);
    } catch (failure) {
      this.#explain(item, failure);
    } finally {
      this.busy = new Set([...this.busy].filter((id) => id !== item.id));
      this.requestUpdate();
    }
  }

  /** A colleague was faster: show the question as it is now, and who moved it. @param {Item} item @param {unknown} failure */
  #explain(item, failure) {
    const current = failure instanceof Problem && failure.code === 'qa.stale' ? failure.current : null;
    if (current) this.session?.learn('item', current);
    const words = current
      ? t('desk.stale', { who: current.changed_by || t('desk.someone'), status: t(`status.${current.status}`) })
      : failure instanceof Error ? failure.message : t('net.refused');
    this.told = { id: item.id, words };
    announce(words);
  }

  /** @param {Item} item @param {string} command */
  #offer(item, command) {
    const words = t(`done.${command}`);
    announce(words);
    clearTimeout(this.timer);
    const back = item.status === 'hidden' ? undefined : REVERSE[command];
    this.undo = back ? { id: item.id, command: back, words } : null;
    this.timer = window.setTimeout(() => {
      this.undo = null;
    }, UNDO);
  }

  async #undo() {
    const { undo } = this;
    const item = undo && this.live?.items[undo.id];
    this.undo = null;
    if (undo && item && ALLOWED[item.status]?.includes(undo.command)) await this.#send(item, undo.command);
  }
}

/** On stage first, then what was answered or refused lately. @param {Item} a @param {Item} b */
function running(a, b) {
  const stage = Number(b.status === 'on_stage') - Number(a.status === 'on_stage');
  return stage || (a.changed_at ?? '') < (b.changed_at ?? '') ? stage || 1 : -1;
}

define('tablee-desk', Desk);
