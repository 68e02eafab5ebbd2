// Keyboard of the run of show: which key means what, what may be done with a session now, which session is chosen next. Pure.
// What must not be here: the page, requests.

/** @typedef {import('./run_of_show.js').Slot} Slot */
/** @typedef {import('./run_of_show.js').Column} Column */
/** @typedef {'start'|'end'|'later'|'earlier'|'move'|'cancel'|'restore'} Act */

/** Keys that are the same in every language. @type {Record<string, string>} */
const SAME = {
  j: 'down', ArrowDown: 'down', k: 'up', ArrowUp: 'up', ArrowLeft: 'left', ArrowRight: 'right', '+': 'later', '=': 'later', '-': 'earlier', '?': 'help',
};

/** What has letters of its own in each language: in its catalogue under `show.letter.`, the first as it is shown, the others too. */
export const SHOW_LETTERED = ['start', 'end', 'move', 'cancel', 'restore', 'undo', 'now'];

/** Key → what it does. @param {(word: string) => string} letters  The letters of a word. @returns {Record<string, string>} */
export function showKeysOf(letters) {
  return { ...Object.fromEntries(SHOW_LETTERED.flatMap((word) => [...letters(word)].map((letter) => [letter, word]))), ...SAME };
}

/** The key of a word, as it is shown. @param {Record<string, string>} keys  Of showKeysOf. @param {string} word */
export function keyFor(keys, word) {
  return Object.entries(keys).find(([, meaning]) => meaning === word)?.[0] ?? '';
}

/** How a session stands → what may be done with it. @type {Record<import('./tables.js').Progress, Act[]>} */
export const ACTS = {
  unknown: ['start', 'move', 'cancel'],
  upcoming: ['start', 'later', 'earlier', 'move', 'cancel'],
  on: ['end', 'later', 'earlier', 'start', 'cancel'],
  over: ['start'],
  cancelled: ['restore'],
};

/** Minutes of a press. */
const LATER = 10;
const EARLIER = -5;

/**
 * What the interface is asked for.
 * @param {Act} act
 * @param {string} session
 * @param {string} [at]  `HH:MM` where the event is, for `move`.
 */
export function commandOf(act, session, at) {
  if (act === 'later' || act === 'earlier') return { command: 'slide', session, minutes: act === 'later' ? LATER : EARLIER };
  return act === 'move' ? { command: 'move', session, at } : { command: act, session };
}

/**
 * The session chosen after a movement over the visible columns.
 * @param {string[][]} lists  Ids by column, as shown.
 * @param {string|null} chosen
 * @param {string} movement
 * @returns {string|null}
 */
export function stepped(lists, chosen, movement) {
  const at = lists.findIndex((list) => chosen !== null && list.includes(chosen));
  const list = lists[at];
  if (!list || chosen === null) return lists.find((some) => some.length)?.[0] ?? null;
  const row = list.indexOf(chosen);
  if (movement === 'down') return list[Math.min(list.length - 1, row + 1)] ?? chosen;
  if (movement === 'up') return list[Math.max(0, row - 1)] ?? chosen;
  const beside = movement === 'right' ? lists.slice(at + 1) : lists.slice(0, at).reverse();
  const next = beside.find((some) => some.length);
  return next ? (next[Math.min(row, next.length - 1)] ?? chosen) : chosen;
}

/** The session the hand begins with: what is on in the first column that has something on, else what comes first. @param {Column[]} columns */
export function current(columns) {
  return columns.find(({ on }) => on.length)?.on[0]?.session ?? columns.find(({ next }) => next)?.next?.session ?? columns[0]?.slots[0]?.session ?? null;
}

/** Whether nothing more happens in it, so that its questions are closed. @param {Slot} slot */
export function ended(slot) {
  return slot.progress === 'over' || slot.progress === 'cancelled';
}
