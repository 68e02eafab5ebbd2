// Which published questions a reader asked to see, and in what order. Pure. What must not be here: the page, what is typed where.

import { byAge, byVotes } from './order.js';

/** @typedef {import('./types.js').Item} Item */
/** @typedef {'votes'|'time'|'mine'} By  By support, the newest first, or only what one supports. */
/** @typedef {{by: By, text: string}} Wish */

/** @type {By[]} */
export const WAYS = ['votes', 'time', 'mine'];

/** Everything, by support. @type {Wish} */
export const ALL = { by: 'votes', text: '' };

/** Letters that Unicode does not take apart, though people type them as two. @type {Record<string, string>} */
const JOINED = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/**
 * A text as it is compared: without accents, case, or the shape of apostrophes (Unicode Standard Annex 15, NFKD).
 * @param {string} text
 */
export function folded(text) {
  return text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/[œæßøłđðþı]/g, (letter) => JOINED[letter] ?? letter).replace(/[’‘]/g, "'");
}

/** Which texts hold each of the words that are looked for. @param {string} text @returns {(said: string) => boolean} */
export function saying(text) {
  const words = folded(text).split(/\s+/).filter(Boolean);
  return (said) => {
    const there = words.length ? folded(said) : '';
    return words.every((word) => there.includes(word));
  };
}

/**
 * @param {Item[]} items
 * @param {Wish} wish
 * @param {ReadonlySet<string>} supported  Ids of what one supports.
 */
export function found(items, wish, supported) {
  const said = saying(wish.text);
  return items.filter((item) => (wish.by !== 'mine' || supported.has(item.id)) && said(`${item.text}\n${item.author}`));
}

/** @param {By} by @returns {(a: Item, b: Item) => number} */
export function sorting(by) {
  return by === 'time' ? (a, b) => byAge(b, a) : byVotes;
}
