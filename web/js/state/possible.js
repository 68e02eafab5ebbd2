// What may be done with a question on the desk now, from the service's tables and from what the question has already. Pure.
// What must not be here: words, requests, which duty may what (the service refuses).

import { ALLOWED, ALSO, IN_FORCE, LEADS_TO, MERGEABLE_INTO } from './tables.js';

/** @typedef {import('./types.js').Item} Item */

/** Steps that need or exclude what the question has; each of a pair is taken back by the other one. @type {Record<string, (item: Item) => boolean>} */
const FITS = {
  shortlist: ({ place }) => !place,
  unlist: ({ place }) => Boolean(place),
  cue: ({ cued_at }) => !cued_at,
  uncue: ({ cued_at }) => Boolean(cued_at),
  release: ({ draft }) => Boolean(draft),
};

/** A word of the hand → the step that takes it back where it was taken. @type {Record<string, string>} */
const BACK = { shortlist: 'unlist', cue: 'uncue' };

/** @param {Item} item @param {boolean} removed  Whether the programme has its session no more. */
export function allowed(item, removed) {
  const named = ALLOWED[item.status] ?? [];
  const all = [...named, ...(ALSO[item.status] ?? []).filter((step) => !named.includes(step))];
  return all.filter((step) => !(removed && IN_FORCE.includes(step)) && (FITS[step]?.(item) ?? true));
}

/** Whether it may, also where it has been done before: a place on the shortlist is taken anew. @param {Item} item @param {string} step @param {boolean} removed */
export function possible(item, step, removed) {
  return step === 'shortlist' ? (ALSO[item.status] ?? []).includes(step) : allowed(item, removed).includes(step);
}

/** The step that a word of the hand means with this question. @param {Item} item @param {string} word */
export function meant(item, word) {
  const back = BACK[word];
  return back && FITS[back]?.(item) ? back : word;
}

/** Whether a question goes to another place of the desk by it. @param {Item} item @param {string} step */
export function leaves(item, step) {
  if (step === 'shortlist' || step === 'cue') return !item.place && !item.cued_at;
  if (step === 'unlist') return !item.cued_at;
  if (step === 'uncue') return !item.place;
  return (LEADS_TO[step] ?? item.status) !== item.status;
}

/** The questions it may be merged into, the most supported first. @param {Item[]} items @param {Item[]} others  Those that are merged: never a goal. */
export function goals(items, others) {
  const gone = new Set(others.map(({ id }) => id));
  return items.filter(({ id, status }) => !gone.has(id) && MERGEABLE_INTO.includes(status)).sort((a, b) => b.votes - a.votes || (a.asked_at < b.asked_at ? -1 : 1));
}
