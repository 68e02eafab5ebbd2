// The order in which published questions are shown: by votes, but never moving what a person is about to press.
// What must not be here: the page, pointers, clocks. ui/interaction_lock.js decides when the list keeps still; this file decides what follows from it.

/** @typedef {import('./types.js').Item} Item */

/**
 * @typedef {object} Order
 * @property {string[]} ids  Shown, in this order; may hold ids that are gone (their place is kept while held).
 * @property {number} fresh  Questions that wait to be shown.
 * @property {boolean} moved  Whether the votes would now order the shown ones otherwise.
 */

/** Nothing is shown yet. @type {Order} */
export const EMPTY = { ids: [], fresh: 0, moved: false };

/**
 * Most votes first; equal ones in the order they were asked; then by id, so that every page agrees.
 * @param {Item} a
 * @param {Item} b
 */
export function byVotes(a, b) {
  return b.votes - a.votes || compare(a.asked_at, b.asked_at) || compare(a.id, b.id);
}

/**
 * Oldest first: the order of a queue, where what is new comes last and moves nothing.
 * @param {Item} a
 * @param {Item} b
 */
export function byAge(a, b) {
  return compare(a.asked_at, b.asked_at) || compare(a.id, b.id);
}

/** @param {string} a @param {string} b */
export function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The next order. Held, the shown ids stay where they are; otherwise everything takes its place.
 * @param {Order} before
 * @param {Item[]} items  The questions that should be shown, in any order.
 * @param {boolean} held
 * @param {(a: Item, b: Item) => number} [order]
 * @returns {Order}
 */
export function arrange(before, items, held, order = byVotes) {
  const right = [...items].sort(order).map((item) => item.id);
  if (!held || before.ids.length === 0) return { ids: right, fresh: 0, moved: false };
  const shown = new Set(before.ids);
  const there = new Set(right);
  const stay = before.ids.filter((id) => there.has(id));
  const now = right.filter((id) => shown.has(id));
  return {
    ids: before.ids,
    fresh: right.length - now.length,
    moved: stay.some((id, place) => id !== now[place]),
  };
}
