// Keyboard of the moderation desk: which key means which command, and which question is chosen next. Pure.
// What must not be here: the page, requests.

import { COLUMNS } from './tables.js';

/** @typedef {import('./tables.js').Column} Column */

/** Keys that are the same in every language. @type {Record<string, string>} */
const MOVES = { j: 'down', ArrowDown: 'down', k: 'up', ArrowUp: 'up', ArrowLeft: 'left', ArrowRight: 'right', Escape: 'drop', '/': 'find', '?': 'help' };

/** What has letters of its own in each language: in its catalogue under `key.`, the first on the buttons, the others too. */
export const LETTERED = [
  'publish', 'rephrase', 'decline', 'merge', 'shortlist', 'cue', 'assign', 'stage', 'answer', 'return', 'defer', 'write', 'release', 'hide', 'history', 'undo', 'pick', 'screens',
];

/** Key → command or movement. @param {(word: string) => string} letters  The letters of a command. @returns {Record<string, string>} */
export function keysOf(letters) {
  return { ...Object.fromEntries(LETTERED.flatMap((word) => [...letters(word)].map((letter) => [letter, word]))), ...MOVES };
}

/**
 * The question chosen after a movement over columns of ids.
 * @param {Record<Column, string[]>} columns
 * @param {string|null} chosen
 * @param {string} movement
 * @returns {string|null}
 */
export function moved(columns, chosen, movement) {
  const at = COLUMNS.findIndex((name) => chosen !== null && columns[name].includes(chosen));
  if (at < 0 || chosen === null) return COLUMNS.map((name) => columns[name][0]).find(Boolean) ?? null;
  const lists = COLUMNS.map((name) => columns[name]);
  const list = lists[at] ?? [];
  const row = list.indexOf(chosen);
  if (movement === 'down' || movement === 'up') {
    return list[Math.min(list.length - 1, Math.max(0, row + (movement === 'down' ? 1 : -1)))] ?? chosen;
  }
  const beside = movement === 'right' ? lists.slice(at + 1) : lists.slice(0, at).reverse();
  const next = beside.find((other) => other.length > 0) ?? [];
  return next[Math.min(row, next.length - 1)] ?? chosen;
}

/**
 * When the chosen question leaves its column, its neighbour there is chosen: the hand stays where it is.
 * @param {string[]} before  The column as it was.
 * @param {string[]} after
 * @param {string} id
 */
export function neighbour(before, after, id) {
  const place = before.indexOf(id);
  const later = before.slice(place + 1).find((other) => after.includes(other));
  const earlier = before.slice(0, Math.max(0, place)).reverse().find((other) => after.includes(other));
  return later ?? earlier ?? null;
}
