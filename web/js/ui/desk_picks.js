// Several questions at once: which are picked, and the bar that says what can be done with all of them.
// What must not be here: requests, what a key means.

import { html, nothing } from 'lit';
import { groupOf } from '../state/desk.js';
import { allowed } from '../state/possible.js';
import { MOST_AT_ONCE } from '../state/tables.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** What can be done with many. */
const COMMANDS = ['publish', 'decline', 'merge', 'hide'];

export class DeskPicks {
  /** @param {{live: import('../state/types.js').Live|null, removed: boolean, requestUpdate: () => void, shelves: {present: () => Record<string, string[]>}}} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {Set<string>} */
    this.ids = new Set();
  }

  /** Those that are picked and can still be decided. @returns {Item[]} */
  get items() {
    return [...this.ids].flatMap((id) => this.desk.live?.items[id] ?? []);
  }

  /** Those of them with which it can be done. @param {string} command */
  for(command) {
    return this.items.filter((item) => allowed(item, this.desk.removed).includes(command));
  }

  /** Whether something can be done with it together with others. @param {Item} item */
  may(item) {
    return ['waiting', 'published'].includes(groupOf(item) ?? '') && allowed(item, this.desk.removed).some((command) => COMMANDS.includes(command));
  }

  /** What was decided meanwhile is dropped. */
  prune() {
    for (const id of this.ids) {
      const item = this.desk.live?.items[id];
      if (!item || !this.may(item)) this.ids.delete(id);
    }
  }

  /** What was decided together is picked no more; what was refused still is. @param {Item[]} before */
  done(before) {
    for (const { id, status } of before) if (this.desk.live?.items[id]?.status !== status) this.ids.delete(id);
    this.desk.requestUpdate();
  }

  /** @param {string} meaning @param {string|null} id */
  mean(meaning, id) {
    const item = this.desk.live?.items[id ?? ''];
    if (meaning === 'drop') this.ids.clear();
    else if (meaning === 'all') for (const one of this.desk.shelves.present().waiting ?? []) this.#add(one);
    else if (id && meaning === 'pick' && this.ids.has(id)) this.ids.delete(id);
    else if (id && item && this.may(item)) this.#add(id);
    this.desk.requestUpdate();
  }

  /** @param {string} id */
  #add(id) {
    if (this.ids.size < MOST_AT_ONCE) this.ids.add(id);
  }

  bar() {
    if (!this.ids.size) return nothing;
    const commands = COMMANDS.filter((command) => this.for(command).length > (command === 'merge' ? 1 : 0));
    return html`<div class="picks" role="group" aria-label=${tn('picks', this.ids.size)}><strong role="status">${tn('picks', this.ids.size)}</strong>
      ${commands.map((command, n) => html`<button type="button" class="button button--small ${n ? '' : 'button--primary'}" data-many=${command}>
        ${t(`command.${command}`)} ${this.for(command).length} <kbd aria-hidden="true">${[...t(`key.${command}`)][0]}</kbd></button>`)}
      <button type="button" class="button button--small button--quiet" data-many="all">${t('command.all')}</button>
      <button type="button" class="button button--small button--quiet" data-many="drop">${t('command.drop')} <kbd aria-hidden="true">Esc</kbd></button></div>`;
  }
}
