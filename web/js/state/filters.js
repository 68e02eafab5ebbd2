// Which questions the desk shows and in which order: by words, door, age, support, language, what marks it; oldest, newest, most supported. Pure.
// What must not be here: the page, clocks (`now` is a value), what keeps still under a hand (state/desk.js).

import { byAge, byVotes } from './order.js';
import { saying } from './search.js';

/** @typedef {import('./types.js').Item} Item */
/** @typedef {'oldest'|'newest'|'votes'} Sort */

/**
 * @typedef {object} Filters  An empty string lets everything through.
 * @property {string} text  Each of its words is to be found, as search.js compares them.
 * @property {string} door
 * @property {string} language
 * @property {string} age  `<5`: asked less than so many minutes ago; `>10`: longer ago than that.
 * @property {string} votes  So much support at least.
 * @property {string} flag  What marks it; `any`: whatever that is.
 */

/** @type {Filters} */
export const EVERYTHING = { text: '', door: '', language: '', age: '', votes: '', flag: '' };

/** The marks offered. */
export const FLAGS = ['any', 'word', 'link', 'repeated'];
/** The ages offered, in minutes. */
export const AGES = ['<5', '>5', '>15'];
/** How much support is offered to ask for. */
export const SUPPORTS = ['1', '5', '10'];
/** @type {Sort[]} */
export const SORTS = ['oldest', 'newest', 'votes'];

/** @type {Record<Sort, (a: Item, b: Item) => number>} */
export const ORDERS = { oldest: byAge, newest: (a, b) => byAge(b, a), votes: byVotes };

/** Whether anything is left out. @param {Filters} filters */
export function narrows(filters) {
  return Object.values(filters).some(Boolean);
}

/** @param {Filters} filters @param {number} now  In ms. @param {Record<string, import('./types.js').Flag[]>} [flags]  Question → what marks it. @returns {(item: Item) => boolean} */
export function matching(filters, now, flags = {}) {
  const said = saying(filters.text);
  const { door, language, age, votes, flag } = filters;
  return (item) => (!door || item.door === door) && (!language || item.language === language) && item.votes >= Number(votes) && (!flag || marked(flags[item.id] ?? [], flag)) && aged(item, age, now) && said(words(item));
}

/** @param {import('./types.js').Flag[]} found @param {string} flag */
const marked = (found, flag) => found.some(({ kind }) => flag === 'any' || kind === flag);

/** @param {Item} item @param {string} age @param {number} now */
function aged(item, age, now) {
  if (!age) return true;
  const minutes = (now - Date.parse(item.asked_at)) / 60_000;
  return age.startsWith('<') ? minutes < Number(age.slice(1)) : minutes > Number(age.slice(1));
}

/** Its words as they are and as they were asked, and whoever asked. @param {Item} item */
const words = (item) => `${item.text}\n${item.original ?? ''}\n${item.author}`;

/** The languages that questions are written in. @param {Item[]} items */
export function languagesOf(items) {
  return [...new Set(items.map((item) => item.language).filter(Boolean))].sort();
}
