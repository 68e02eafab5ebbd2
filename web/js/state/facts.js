// What a page makes of the facts of its session: how it stands, what is offered after it, what a stage's screen shows. Pure.
// What must not be here: words, the page, requests.

/** @typedef {import('./types.js').SessionFacts} Facts */
/** @typedef {{id: string, title: string, label: string, starts_at?: string|null}} Neighbour */

/** @typedef {{kind: 'begun'|'begins'|'none', to: Neighbour|null}} Way */

/**
 * What is known of the session now; null while the service has just begun and knows nothing of it: the page then keeps what it came with.
 * @param {import('./types.js').Live|null} live
 * @returns {Facts|null}
 */
export function factsOf(live) {
  return live?.session.title ? live.session : null;
}

/** How the session stands, in one word. @param {Facts} facts @returns {import('./tables.js').Progress|'removed'} */
export function standing(facts) {
  return facts.removed ? 'removed' : facts.progress;
}

/** Whether nothing more happens in it. @param {Facts} facts */
export function ended(facts) {
  return ['removed', 'cancelled', 'over'].includes(standing(facts));
}

/**
 * Where a person goes on from a session that has ended, in the same hall; null while it has not.
 * @param {Facts} facts
 * @returns {Way|null}
 */
export function wayOn(facts) {
  if (!ended(facts)) return null;
  if (facts.now && facts.now.id !== facts.id) return { kind: 'begun', to: facts.now };
  if (facts.next && facts.next.id !== facts.id) return { kind: 'begins', to: facts.next };
  return { kind: 'none', to: null };
}

/**
 * The session a stage's screen shows next: what is on there, else what comes. A question that is being asked is not taken away by the
 * mere end of its session.
 * @param {Facts} facts
 * @param {boolean} asked  Whether a question of the session is on the screen.
 */
export function followed(facts, asked) {
  if (facts.now) return facts.now.id;
  if (asked || !ended(facts)) return facts.id;
  return facts.next?.id ?? facts.id;
}

/**
 * What the screen in the room shows in large.
 * @param {Facts|null} facts
 * @param {import('./tables.js').FloorState} floor
 * @param {boolean} asked  Whether a question is being asked.
 * @returns {'question'|'next'|'end'|'title'|'invite'}
 */
export function shows(facts, floor, asked) {
  if (asked) return 'question';
  if (facts?.progress === 'upcoming' && !facts.removed) return 'next';
  if (facts && ended(facts) && (floor === 'closed' || standing(facts) !== 'over')) return 'end'; // a floor that is open is open by decision
  return facts && floor === 'closed' ? 'title' : 'invite';
}

/**
 * The session with which the screen of a stage begins: on now, else next, else its last one; null when there is none.
 * @param {string} stage
 * @param {{id: string, stage?: {id: string}|null}[]} sessions  In print order.
 * @param {Record<string, {now: string|null, next: string|null}>} moments  By stage.
 */
export function first(stage, sessions, moments) {
  const moment = moments[stage];
  return moment?.now ?? moment?.next ?? sessions.filter((one) => one.stage?.id === stage).at(-1)?.id ?? null;
}

/** When what is seen now happened on the stage, RFC 3339; null: not known. @param {number|null} behind  In s. @param {number} now  In ms. */
export const seenAt = (behind, now) => (behind === null ? null : new Date(now - Math.max(0, behind) * 1000).toISOString());
