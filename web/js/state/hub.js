// What the page of a hall shows: what is known of it together with what was done and is still on its way. Pure.
// What must not be here: words, requests, the page.

import { LATEST_ARRIVAL_SECONDS } from './tables.js';

/** @typedef {import('./outbox.js').Entry} Entry */
/** @typedef {import('./types.js').Live} Live */
/** @typedef {import('./types.js').Poll} Poll */
/** @typedef {{counts: Record<string, number>, people: number}} HallAnswer */

/** How many are in the hall, as its host said last. @param {Entry[]} waiting @param {number} known */
export function peopleOf(waiting, known) {
  const said = waiting.findLast(({ deed }) => deed.kind === 'people');
  return said?.deed.kind === 'people' ? said.deed.people : known;
}

/** The hands shown for a question, and whether they are still on their way. @param {Entry[]} waiting @param {Live|null} live @param {string} id @param {number} people */
export function handsOf(waiting, live, id, people) {
  const said = waiting.findLast(({ deed }) => deed.kind === 'count' && deed.question === id);
  const hands = said?.deed.kind === 'count' ? said.deed.hands : (live?.my_counts?.[id] ?? 0);
  return { hands: Math.min(hands, people), waits: Boolean(said) };
}

/** The same for a poll. @param {Entry[]} waiting @param {Live|null} live @param {string} poll */
export function answerOf(waiting, live, poll) {
  const said = waiting.findLast(({ deed }) => deed.kind === 'poll' && deed.poll === poll);
  const own = live?.my_answers?.[poll];
  return { counts: said?.deed.kind === 'poll' ? said.deed.counts : (own?.hall ?? {}), waits: Boolean(said) };
}

/** How often one person may raise their hand in a poll. @param {Poll} poll */
const each = (poll) => (poll.kind === 'several' ? poll.most : 1);

/**
 * The hands that one answer of a poll may have at most: nobody raises theirs more often than they may answer.
 * @param {Poll} poll @param {Record<string, number>} counts @param {number} people @param {string} key
 */
export function mostHands(poll, counts, people, key) {
  const others = Object.entries(counts).reduce((sum, [other, hands]) => sum + (other === key ? 0 : hands), 0);
  return Math.max(0, Math.min(people, people * each(poll) - others));
}

/** Whether a question has waited so long that it keeps only a part of its place in line. @param {Entry} entry @param {number} now  By the platform's clock. */
export function isLate({ at, deed }, now) {
  return deed.kind === 'ask' && now - at > LATEST_ARRIVAL_SECONDS * 1000;
}

/** A number as it was typed: none where it is none, never more than `most`. @param {string} typed @param {number} most */
export function typedNumber(typed, most) {
  const number = Number.parseInt(typed, 10);
  return Number.isNaN(number) ? null : Math.min(Math.max(number, 0), most);
}
