// What the chair of a session goes by: what is asked now, what could be next and in which order, how much time is left. Pure.
// What must not be here: words, elements.

/** @typedef {import('./types.js').Live} Live */
/** @typedef {import('./types.js').Item} Item */

/** The question that is being asked. @param {Live} live @returns {Item|null} */
export function asked(live) {
  return Object.values(live.items).find((item) => item.status === 'on_stage') ?? null;
}

/** What can be asked next, in the order in which moderators put it; what has no place comes after, most supported first. @param {Live} live @returns {Item[]} */
export function coming(live) {
  return Object.values(live.items).filter((item) => item.status === 'published').sort(before);
}

/** @param {Item} a @param {Item} b */
function before(a, b) {
  if (a.place && b.place) return compare(a.place, b.place) || compare(a.id, b.id);
  if (a.place || b.place) return a.place ? -1 : 1;
  return b.votes - a.votes || compare(a.asked_at, b.asked_at) || compare(a.id, b.id);
}

/** @param {string} a @param {string} b */
const compare = (a, b) => Number(a > b) - Number(a < b);

/**
 * The one that is next: chosen by somebody, else the one whose turn it would be, else the first.
 * @param {Live} live @returns {{item: Item, how: 'chosen'|'fair'|'first'}|null}
 */
export function next(live) {
  const all = coming(live);
  const chosen = all.find((item) => item.cued_at);
  if (chosen) return { item: chosen, how: 'chosen' };
  const fair = all.find((item) => item.id === live.turn?.question);
  if (fair) return { item: fair, how: 'fair' };
  return all[0] ? { item: all[0], how: 'first' } : null;
}

/** Whole minutes until its end, negative once it is late; null where no end is known or it is not on. @param {Live} live @param {number} now */
export function minutesLeft(live, now) {
  const { ends_at: end, progress } = live.session;
  if (!end || progress !== 'on') return null;
  return Math.ceil((Date.parse(end) - now) / 60_000);
}

/** Whole minutes that a question has been on stage. @param {Item} item @param {number} now */
export function minutesAsked(item, now) {
  return item.staged_at ? Math.max(0, Math.floor((now - Date.parse(item.staged_at)) / 60_000)) : 0;
}
