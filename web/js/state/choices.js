// The sessions a person may go to, those on now first. Pure. What must not be here: words, the page.

/** @typedef {{id: string, title: string, label: string|null, questions: boolean, starts_at: string|null, room?: {id: string, name: string}|null, stage?: {id: string, name: string}|null, language?: string, progress?: import('./tables.js').Progress}} Choice */
/** @typedef {{now: string[], next: string[]}} Moment */

/**
 * The sessions of a running order to choose from, and which of them are on or come next: the earliest ones, side by side.
 * @param {import('./run_of_show.js').Slot[]} slots
 * @param {Record<string, string>} rooms  Names by id.
 * @returns {{sessions: Choice[], moment: Moment}}
 */
export function choicesOf(slots, rooms) {
  const sessions = slots.map(({ session, title, label, questions, starts_at, language, room, progress }) => (
    { id: session, title, label, questions, starts_at, language, progress, room: room && rooms[room] ? { id: room, name: rooms[room] } : null }));
  const coming = slots.filter((slot) => slot.progress === 'upcoming' && slot.starts_at !== null);
  const first = Math.min(...coming.map((slot) => Date.parse(slot.starts_at ?? '')));
  const ids = (/** @type {import('./run_of_show.js').Slot[]} */ some) => some.map(({ session }) => session);
  return { sessions, moment: { now: ids(slots.filter(({ progress }) => progress === 'on')), next: ids(coming.filter((slot) => Date.parse(slot.starts_at ?? '') === first)) } };
}

/**
 * @param {Choice[]} sessions  In print order.
 * @param {Moment} moment
 * @returns {{name: 'now'|'next'|'all', sessions: Choice[]}[]}  Without empty groups; every session once.
 */
export function choices(sessions, moment) {
  /** @param {Choice} one */
  const group = ({ id }) => (moment.now.includes(id) ? 'now' : moment.next.includes(id) ? 'next' : 'all');
  return /** @type {('now'|'next'|'all')[]} */ (['now', 'next', 'all'])
    .map((name) => ({ name, sessions: sessions.filter((one) => group(one) === name) }))
    .filter(({ sessions: some }) => some.length > 0);
}

/**
 * The same by day, for a list that is read: what is on, what is next, then day by day in print order.
 * @param {Choice[]} sessions
 * @param {Moment} moment
 * @param {(instant: string) => string} dayOf  Where the event is.
 * @returns {{name: 'now'|'next'|'all'|'day', day: string, sessions: Choice[]}[]}  `day`: an instant of it; with a single day the group is 'all'.
 */
export function choicesByDay(sessions, moment, dayOf) {
  const groups = choices(sessions, moment);
  const rest = groups.find(({ name }) => name === 'all')?.sessions ?? [];
  /** @type {Map<string, Choice[]>} */
  const days = new Map();
  for (const one of rest) {
    const day = one.starts_at ? dayOf(one.starts_at) : '';
    days.set(day, [...(days.get(day) ?? []), one]);
  }
  const several = new Set(sessions.map((one) => (one.starts_at ? dayOf(one.starts_at) : ''))).size > 1;
  return [
    ...groups.filter(({ name }) => name !== 'all').map(({ name, sessions: some }) => ({ name, day: '', sessions: some })),
    ...[...days.values()].map((some) => ({ name: /** @type {'all'|'day'} */ (several && some[0]?.starts_at ? 'day' : 'all'), day: some[0]?.starts_at ?? '', sessions: some })),
  ];
}
