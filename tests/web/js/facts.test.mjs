// How the day goes on: what is said of a session, where a person goes on to, which session a stage's screen shows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choices, choicesOf } from '../../../web/js/state/choices.js';
import { ended, factsOf, first, followed, seenAt, shows, standing, wayOn } from '../../../web/js/state/facts.js';

const B = { id: 'b', title: 'B', label: '', starts_at: '2026-11-23T10:00:00Z' };

/** @param {string} session @param {string} progress @param {string|null} starts_at @param {string|null} room */
const slot = (session, progress, starts_at, room = null) => /** @type {any} */ ({ session, title: session, label: null, language: 'fr', questions: true, progress, starts_at, room });

/** @param {object} change */
const facts = (change = {}) => ({
  id: 'a', title: 'A', label: 'Table 1', language: 'fr', room: null, starts_at: '2026-11-23T09:00:00Z', ends_at: null, progress: 'on', participants: [],
  removed: false, stage: 's', streamed: true, closed: false, now: null, next: null, ...change,
});

test('a session that left the programme is neither on nor over', () => {
  assert.equal(standing(facts({ removed: true, progress: 'on' })), 'removed');
  assert.equal(standing(facts({ progress: 'cancelled' })), 'cancelled');
});

test('a session has ended when it is over, cancelled or removed', () => {
  assert.deepEqual(['unknown', 'upcoming', 'on', 'over', 'cancelled'].filter((progress) => ended(facts({ progress }))), ['over', 'cancelled']);
  assert.ok(ended(facts({ removed: true })));
});

test('nobody is led away from a session that goes on', () => {
  assert.equal(wayOn(facts({ next: B })), null);
  assert.equal(wayOn(facts({ progress: 'upcoming', now: B })), null);
});

test('after the end the way leads to what is on in the same hall, else to what comes, else to nothing', () => {
  assert.deepEqual(wayOn(facts({ progress: 'over', now: B, next: { ...B, id: 'c' } })), { kind: 'begun', to: B });
  assert.deepEqual(wayOn(facts({ progress: 'over', next: B })), { kind: 'begins', to: B });
  assert.deepEqual(wayOn(facts({ removed: true })), { kind: 'none', to: null });
});

test('the way never leads to the session one is in', () => {
  assert.deepEqual(wayOn(facts({ progress: 'over', now: { ...B, id: 'a' }, next: { ...B, id: 'a' } })), { kind: 'none', to: null });
});

test('the screen goes over to what is on at its stage, and after the end to what comes', () => {
  assert.equal(followed(facts({ progress: 'over', now: B }), false), 'b');
  assert.equal(followed(facts({ progress: 'over', next: B }), false), 'b');
  assert.equal(followed(facts({ progress: 'over' }), false), 'a');
  assert.equal(followed(facts({ next: B }), false), 'a');
  assert.equal(followed(facts({ progress: 'upcoming', next: B }), false), 'a');
});

test('the end of a session does not take away a question that is being asked; the beginning of the next one does', () => {
  assert.equal(followed(facts({ progress: 'over', next: B }), true), 'a');
  assert.equal(followed(facts({ progress: 'over', now: B }), true), 'b');
});

test('a stage begins with what is on there, else what comes, else its last session', () => {
  const sessions = [{ id: 'a', stage: { id: 's' } }, { id: 'b', stage: { id: 's' } }, { id: 'c', stage: { id: 't' } }, { id: 'd', stage: null }];
  assert.equal(first('s', sessions, { s: { now: 'a', next: 'b' } }), 'a');
  assert.equal(first('s', sessions, { s: { now: null, next: 'b' } }), 'b');
  assert.equal(first('s', sessions, { s: { now: null, next: null } }), 'b');
  assert.equal(first('t', sessions, {}), 'c');
  assert.equal(first('u', sessions, {}), null);
});

test('what is on stands first in the list, in every hall, and every session is there once', () => {
  const sessions = ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id, label: null, questions: true, starts_at: null }));
  const groups = choices(sessions, { now: ['c', 'b'], next: ['d'] });
  assert.deepEqual(groups.map(({ name, sessions: some }) => [name, some.map(({ id }) => id)]), [['now', ['b', 'c']], ['next', ['d']], ['all', ['a']]]);
  assert.deepEqual(choices(sessions, { now: [], next: [] }).map(({ name }) => name), ['all']);
});

test('while the service knows nothing of a session, nothing is said of it', () => {
  const live = /** @type {any} */ ({ session: facts() });
  assert.equal(factsOf(live)?.title, 'A');
  assert.equal(factsOf(/** @type {any} */ ({ session: facts({ title: '' }) })), null);
  assert.equal(factsOf(null), null);
});

test('the screen shows the question, else what comes, what is over, an invitation, or just the title', () => {
  assert.equal(shows(facts({ progress: 'over' }), 'closed', true), 'question');
  assert.equal(shows(facts({ progress: 'upcoming' }), 'open', false), 'next');
  assert.equal(shows(facts({ progress: 'over' }), 'closed', false), 'end');
  assert.equal(shows(facts({ progress: 'over' }), 'open', false), 'invite');
  assert.equal(shows(facts({ progress: 'cancelled' }), 'open', false), 'end');
  assert.equal(shows(facts({ progress: 'upcoming', removed: true }), 'closed', false), 'end');
  assert.equal(shows(facts(), 'closed', false), 'title');
  assert.equal(shows(facts(), 'paused', false), 'invite');
  assert.equal(shows(facts({ progress: 'unknown' }), 'open', false), 'invite');
  assert.equal(shows(null, 'closed', false), 'invite');
});

test('what is on in every hall and the earliest of what comes are told apart in a running order', () => {
  const { sessions, moment } = choicesOf([
    slot('a', 'on', '2026-11-23T09:00:00Z', 'big'), slot('b', 'on', '2026-11-23T09:00:00Z', 'gone'), slot('c', 'upcoming', '2026-11-23T11:00:00Z'),
    slot('d', 'upcoming', '2026-11-23T10:00:00Z'), slot('e', 'upcoming', '2026-11-23T10:00:00.000Z'), slot('f', 'upcoming', null), slot('g', 'over', null),
  ], { big: 'Big hall' });
  assert.deepEqual(moment, { now: ['a', 'b'], next: ['d', 'e'] });
  assert.deepEqual(sessions.map(({ room }) => room?.name), ['Big hall', ...Array(6).fill(undefined)]);
  assert.deepEqual(choicesOf([], {}).moment, { now: [], next: [] });
});

test('what is seen behind the stage happened that long ago, and nothing is said where it is not known', () => {
  const now = Date.parse('2026-11-23T09:30:10Z');
  assert.equal(seenAt(4.5, now), '2026-11-23T09:30:05.500Z');
  assert.equal(seenAt(-2, now), '2026-11-23T09:30:10.000Z');
  assert.equal(seenAt(null, now), null);
});
