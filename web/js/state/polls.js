// What the pages make of polls: which one stands first, until when it can be answered, the bars of its results. Pure.
// What must not be here: words, requests, clocks.

import { DOORS } from './tables.js';
import { GRACE_SECONDS, POLL_LIVE } from './poll_tables.js';

/** @typedef {import('./types.js').Live} Live */
/** @typedef {import('./types.js').Poll} Poll */
/** @typedef {import('./types.js').Tally} Tally */
/** @typedef {{key: string, text: string, total: number, share: number, doors: import('./types.js').Presence, right: boolean, flagged: boolean}} Bar */

/** The poll that takes answers first, then those that were asked last. @param {Live|null} live @returns {Poll[]} */
export function pollsOf(live) {
  const polls = Object.values(live?.polls ?? {});
  return polls.sort((a, b) => Number(takesAnswers(b)) - Number(takesAnswers(a)) || (b.opened_at ?? '').localeCompare(a.opened_at ?? '') || a.position - b.position);
}

/** @param {Poll} poll */
export const takesAnswers = (poll) => POLL_LIVE.includes(poll.status);

/**
 * The poll on the screen in the room. What was decided last has the screen: a poll that was opened or shown, or a question put on stage.
 * @param {Live|null} live
 * @param {string|null} stagedAt  When the question on stage came there; null: none is.
 */
export function screenPoll(live, stagedAt) {
  const polls = Object.values(live?.polls ?? {}).sort((a, b) => Number(takesAnswers(b)) - Number(takesAnswers(a)) || b.changed_at.localeCompare(a.changed_at));
  const first = polls[0] ?? null;
  return first && (stagedAt === null || stagedAt <= first.changed_at) ? first : null;
}

/**
 * How long it can still be answered, in ms; null: no end is announced. Both instants are the server's, so the device's clock does not matter.
 * @param {Poll} poll
 * @param {number} delay  How far the page is behind the stage, in s.
 */
export function timeLeft(poll, delay) {
  if (!poll.closes_at) return null;
  return Date.parse(poll.closes_at) - Date.parse(poll.changed_at) + Math.min(Math.max(delay, 0), GRACE_SECONDS) * 1000;
}

/** @param {import('./types.js').Presence} doors */
export const totalOf = (doors) => DOORS.reduce((sum, door) => sum + doors[door], 0);

/** What may be chosen, in order. @param {Poll} poll @returns {{id: string, text: string}[]} */
export function choicesOf(poll) {
  if (poll.kind !== 'scale') return poll.options;
  return Array.from({ length: poll.most - poll.least + 1 }, (_, n) => ({ id: String(poll.least + n), text: String(poll.least + n) }));
}

/**
 * The results, a bar for each option in the poll's order (of a ranking and a cloud of words: the most first); null while they are hidden.
 * The share is of those who answered; of a ranking, of the most points there could be.
 * @param {Poll} poll
 * @param {Tally|undefined} tally
 * @returns {Bar[]|null}
 */
export function bars(poll, tally) {
  if (!tally?.counts) return null;
  const { counts } = tally;
  const texts = new Map(choicesOf(poll).map(({ id, text }) => [id, text]));
  const most = totalOf(tally.answers) * (poll.kind === 'ranking' ? poll.options.length : 1);
  const made = Object.entries(counts).map(([key, doors]) => ({
    key, text: texts.get(key) ?? key, total: totalOf(doors), share: most ? totalOf(doors) / most : 0, doors,
    right: poll.right === key, flagged: poll.flagged?.includes(key) ?? false,
  }));
  const order = [...texts.keys()];
  if (poll.kind === 'ranking' || poll.kind === 'words') return made.sort((a, b) => b.total - a.total || a.text.localeCompare(b.text));
  return made.sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
}

/** The mean of a scale; null: nobody answered, or it is none. @param {Poll} poll @param {Bar[]} results */
export function mean(poll, results) {
  const total = results.reduce((sum, bar) => sum + bar.total, 0);
  if (poll.kind !== 'scale' || !total) return null;
  return results.reduce((sum, bar) => sum + bar.total * Number(bar.key), 0) / total;
}

/** The order after one thing moved by a place. @param {string[]} order @param {string} id @param {number} by */
export function moved(order, id, by) {
  const from = order.indexOf(id);
  const to = Math.min(Math.max(from + by, 0), order.length - 1);
  const rest = order.filter((one) => one !== id);
  return [...rest.slice(0, to), id, ...rest.slice(to)];
}
