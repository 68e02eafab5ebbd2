// What a command would change in the running order, and what opens and closes because of it. Pure. What must not be here: words.

import { ended } from './show_keys.js';

/** @typedef {import('./run_of_show.js').Slot} Slot */
/** @typedef {import('./run_of_show.js').Order} Order */

/**
 * @typedef {object} Change
 * @property {Slot} before
 * @property {Slot} after
 * @property {boolean} hours  Whether it begins or ends at another time than expected.
 * @property {'shorter'|'longer'|null} length
 * @property {boolean} progress
 * @property {'opens'|'closes'|null} floor  What follows for its questions, unless a moderator decided otherwise.
 */

/** @typedef {{session: string, from: string|null, to: string|null, ends_from: string|null, ends_to: string|null, progress_from: Slot['progress'], progress_to: Slot['progress']}} Told  A change as the interface tells it. */

/**
 * The sessions that would not be as they are, in print order.
 * @param {Order} order @param {Told[]} told @returns {Change[]}
 */
export function changes(order, told) {
  const known = new Map(order.slots.map((slot) => [slot.session, slot]));
  return told.flatMap((one) => {
    const slot = known.get(one.session);
    if (!slot) return [];
    const before = { ...slot, starts_at: one.from, ends_at: one.ends_from, progress: one.progress_from };
    const after = { ...slot, starts_at: one.to, ends_at: one.ends_to, progress: one.progress_to };
    const hours = !same(before.starts_at, after.starts_at) || !same(before.ends_at, after.ends_at);
    return [{ before, after, hours, progress: before.progress !== after.progress, length: length(before, after), floor: floor(before, after) }];
  });
}

/**
 * The sessions that somebody else changed between two readings, as they are now.
 * @param {Order} before @param {Order} now @returns {Slot[]}
 */
export function elsewhere(before, now) {
  const known = new Map(before.slots.map((slot) => [slot.session, slot]));
  return now.slots.filter((slot) => {
    const old = known.get(slot.session);
    return !old || old.progress !== slot.progress || !same(old.starts_at, slot.starts_at) || !same(old.ends_at, slot.ends_at);
  });
}

/** @param {string|null} a @param {string|null} b */
function same(a, b) {
  return a === b || (a !== null && b !== null && Date.parse(a) === Date.parse(b));
}

/** @param {Slot} before @param {Slot} after @returns {Change['length']} */
function length(before, after) {
  const [old, now] = [before, after].map(({ starts_at, ends_at }) => (starts_at && ends_at ? Date.parse(ends_at) - Date.parse(starts_at) : null));
  if (old === null || now === null || old === undefined || now === undefined || old === now || before.progress !== after.progress) return null;
  return now < old ? 'shorter' : 'longer';
}

/** @param {Slot} before @param {Slot} after @returns {Change['floor']} */
function floor(before, after) {
  if (!after.questions || ended(before) === ended(after)) return null;
  return ended(after) ? 'closes' : 'opens';
}
