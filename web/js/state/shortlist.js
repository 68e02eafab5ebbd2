// The order of the shortlist: places are texts that sort, made by the service; here only who stands behind whom, and what a drop on the desk
// means. Pure. What must not be here: the page, pointers, requests.

import { allowed, goals, possible } from './possible.js';
import { compare } from './order.js';

/** @typedef {import('./types.js').Item} Item */
/** @typedef {{command: 'merge', more: {into: string}, mark: 'into'}} Merge */
/** @typedef {{command: 'shortlist', more: {after?: string|null}, mark: 'before'|'behind'|'end'}} Placing  As the service takes it: null is first, left out is last. */

/** The middle of a card means the question, its edges the places before and behind. */
const MIDDLE = [0.3, 0.7];

/** The next one first, then by place. @param {Item} a @param {Item} b */
export function inTurn(a, b) {
  return Number(Boolean(b.cued_at)) - Number(Boolean(a.cued_at)) || compare(a.place ?? '', b.place ?? '') || compare(a.id, b.id);
}

/** Those that have a place, in order. @param {Item[]} items */
export function listed(items) {
  return items.filter(({ status, place }) => status === 'published' && place).sort((a, b) => compare(a.place ?? '', b.place ?? '') || compare(a.id, b.id));
}

/**
 * Behind which one a question stands after a step up or down; undefined where there is no such step.
 * @param {Item[]} items @param {string} id @param {'earlier'|'later'} way @returns {string|null|undefined}
 */
export function stepped(items, id, way) {
  const ids = listed(items).map((item) => item.id);
  const at = ids.indexOf(id);
  if (at < 0 || (way === 'earlier' ? at === 0 : at === ids.length - 1)) return undefined;
  return way === 'later' ? ids[at + 1] : (ids[at - 2] ?? null);
}

/**
 * What it means to let a question go over the desk; null: nothing.
 * @param {Item} item
 * @param {{over: Item|null, group: string|null, at: number}} where  The card under the pointer, its group, how far down on the card (0 to 1).
 * @param {Item[]} items  All of the desk.
 * @param {boolean} removed
 * @returns {Merge|Placing|null}
 */
export function dropped(item, { over, group, at }, items, removed) {
  if (over?.id === item.id) return null;
  const merges = over && allowed(item, removed).includes('merge') && goals(items, [item]).includes(over);
  const places = group === 'shortlist' && possible(item, 'shortlist', removed);
  const [from = 0, to = 1] = MIDDLE;
  if (over && merges && (!places || (at >= from && at <= to))) return { command: 'merge', more: { into: over.id }, mark: 'into' };
  return places ? placing(item, over, at, items) : null;
}

/** @param {Item} item @param {Item|null} over @param {number} at @param {Item[]} items @returns {Placing|null} */
function placing(item, over, at, items) {
  const ids = listed(items).map(({ id }) => id);
  const others = ids.filter((id) => id !== item.id);
  if (!over) return ids.at(-1) === item.id ? null : { command: 'shortlist', more: {}, mark: 'end' };
  const before = at < 0.5;
  const row = others.indexOf(over.id); // the next one may have no place: it stands before all
  const after = before ? (others[row - 1] ?? null) : (others[row] ?? null);
  const now = ids.indexOf(item.id);
  if (now >= 0 && (ids[now - 1] ?? null) === after) return null;
  return { command: 'shortlist', more: { after }, mark: before ? 'before' : 'behind' };
}
