// What stands where on the desk just now, and what the hand has changed of that: filters, orders, what is folded, what may move.
// What must not be here: the rules (state/desk.js, state/filters.js), templates (desk_column.js, desk_filters.js).

import { GROUPS_OF, blank, counts, groupOf, lay } from '../state/desk.js';
import { EVERYTHING, languagesOf, matching } from '../state/filters.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {import('../state/tables.js').Column} Column */
/** @typedef {import('../state/desk.js').Group} Group */
/** @typedef {import('../state/filters.js').Sort} Sort */

/**
 * @typedef {object} Desk  What the shelves are told by the desk.
 * @property {() => Record<string, Item>} items  All there are, by id.
 * @property {() => Record<string, import('../state/types.js').Flag[]>} flags  What marks them, by id.
 * @property {(group: Group) => boolean} held  Whether a hand is over it.
 * @property {(id: string) => boolean} own  Whether this page itself moved a question.
 * @property {() => void} changed  Called when the desk is to be drawn again.
 */

export class DeskShelves {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.filters = EVERYTHING;
    /** @type {Partial<Record<Group, Sort>>} */
    this.sorts = { waiting: 'oldest', published: 'votes' };
    this.layout = blank();
    /** All there are, and those that the filters let through. */
    this.counts = counts([]);
    this.found = counts([]);
    /** Whether any is marked. */
    this.flagged = false;
    /** A question → those that were merged into it. @type {Map<string, Item[]>} */
    this.merged = new Map();
    /** Those that questions are written in. @type {string[]} */
    this.languages = [];
    /** @type {Set<Group>} */
    this.folded = new Set();
    /** Groups that are put in order the next time, whoever holds them. @type {Set<Group>} */
    this.loose = new Set();
  }

  /** Puts everything where it belongs now. @param {number} now  In ms. */
  lay(now) {
    const { held, own } = this.desk;
    const items = Object.values(this.desk.items());
    const found = items.filter(matching(this.filters, now, this.desk.flags()));
    this.flagged = Object.keys(this.desk.flags()).length > 0;
    this.counts = counts(items);
    this.found = counts(found);
    this.languages = languagesOf(items);
    this.merged = mergedInto(items);
    this.layout = lay(this.layout, found, { sorts: this.sorts, held: (group) => !this.loose.has(group) && held(group), own });
    this.loose.clear();
  }

  /** Those that can be chosen: what a colleague moved away is not there, though its place is kept. @returns {Record<Column, string[]>} */
  present() {
    const items = this.desk.items();
    /** @param {Group[]} groups */
    const of = (...groups) => groups.flatMap((group) => (this.folded.has(group) ? [] : this.layout[group].ids.filter((id) => groupOf(items[id]) === group)));
    return { waiting: of('waiting'), published: of('published'), running: of(...GROUPS_OF.running) };
  }

  /** @param {Group} group */
  settle(group) {
    this.loose.add(group);
    this.desk.changed();
  }

  /** @param {Group} group @param {Sort} sort */
  sort(group, sort) {
    this.sorts = { ...this.sorts, [group]: sort };
    this.settle(group);
  }

  /** @param {import('../state/filters.js').Filters} filters */
  filter(filters) {
    this.filters = filters;
    for (const group of /** @type {Group[]} */ (Object.keys(this.layout))) this.settle(group);
  }

  /** @param {Group} group @param {boolean} open */
  fold(group, open) {
    if (open) this.folded.delete(group);
    else this.folded.add(group);
    this.desk.changed();
  }
}

/** @param {Item[]} items @returns {Map<string, Item[]>} */
function mergedInto(items) {
  /** @type {Map<string, Item[]>} */
  const found = new Map();
  for (const item of items.filter(({ status }) => status === 'merged')) {
    const into = item.merged_into ?? '';
    found.set(into, [...(found.get(into) ?? []), item]);
  }
  return found;
}
