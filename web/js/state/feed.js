// The live state as a pure fold over feed events. The law: a snapshot, then its events, equals a fresh snapshot. Each aspect folds its own
// kinds of frames; the server makes them in services/qa/feed/aspects. Both sides are checked on the same vectors.

import { claims } from './aspects/claims.js';
import { colleagues } from './aspects/colleagues.js';
import { flags } from './aspects/flags.js';
import { floor } from './aspects/floor.js';
import { guard } from './aspects/guard.js';
import { hands } from './aspects/hands.js';
import { notes } from './aspects/notes.js';
import { polls } from './aspects/polls.js';
import { presence } from './aspects/presence.js';
import { questions } from './aspects/questions.js';
import { reactions } from './aspects/reactions.js';
import { reasons } from './aspects/reasons.js';
import { seats } from './aspects/seats.js';
import { session } from './aspects/session.js';
import { stream } from './aspects/stream.js';
import { turn } from './aspects/turn.js';
import { votes } from './aspects/votes.js';

/** @typedef {import('./types.js').Live} Live */
/** @typedef {import('./types.js').FeedEvent} FeedEvent */
/** @typedef {Record<string, (state: Live, data: any) => Live>} Steps  Kind of frame → the state after it. */

/** The aspects of a session's feed. @type {Steps[]} */
export const ASPECTS = [guard, questions, votes, floor, presence, stream, session, claims, colleagues, polls, hands, reactions, notes, turn, seats, flags, reasons];

/**
 * How a page folds the frames of these aspects. A kind that none of them knows leaves the state as it is: a newer server may say more.
 * @param {Steps[]} aspects
 * @returns {(state: Live, event: FeedEvent) => Live}
 */
export function folding(aspects) {
  const steps = new Map(aspects.flatMap((aspect) => Object.entries(aspect)));
  return (state, event) => steps.get(event.kind)?.(state, event.data) ?? state;
}

/** The state after one event. */
export const reduce = folding(ASPECTS);

/**
 * @param {Live} snapshot
 * @param {FeedEvent[]} events
 * @returns {Live}
 */
export function replay(snapshot, events) {
  return events.reduce(reduce, snapshot);
}
