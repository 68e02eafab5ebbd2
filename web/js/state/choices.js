// The sessions a person may go to, those on now first. Pure. What must not be here: words, the page.

/** @typedef {{id: string, title: string, label: string|null, questions: boolean, starts_at: string|null, room?: {id: string, name: string}|null, stage?: {id: string, name: string}|null, language?: string}} Choice */
/** @typedef {{at: string, version: number, now: string[], next: string[]}} Moment */

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
