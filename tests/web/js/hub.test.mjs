// What the page of a hall shows while things are on their way, and how many hands so many people can raise.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, handsOf, isLate, mostHands, peopleOf, typedNumber } from '../../../web/js/state/hub.js';
import { lifetime, PassKeeper } from '../../../web/js/net/pass.js';

const entry = (deed, at = 0) => ({ key: '1', at, ripe: 0, refused: '', deed });
const single = { kind: 'single', most: 1, options: [{ id: '1', text: 'Oui' }, { id: '2', text: 'Non' }] };

test('what waits is shown, else what the platform has, never more than there are people', () => {
  const live = { my_counts: { q: 9 }, my_answers: { p: { hall: { 1: 4 } } } };
  assert.deepEqual(handsOf([], live, 'q', 30), { hands: 9, waits: false });
  assert.deepEqual(handsOf([entry({ kind: 'count', question: 'q', hands: 0 })], live, 'q', 30), { hands: 0, waits: true });
  assert.deepEqual(handsOf([], live, 'q', 5), { hands: 5, waits: false });
  assert.deepEqual(handsOf([], null, 'q', 5), { hands: 0, waits: false });
  assert.deepEqual(answerOf([], live, 'p'), { counts: { 1: 4 }, waits: false });
  assert.deepEqual(answerOf([entry({ kind: 'poll', poll: 'p', counts: { 2: 1 } })], live, 'p'), { counts: { 2: 1 }, waits: true });
  assert.equal(peopleOf([], 30), 30);
  assert.equal(peopleOf([entry({ kind: 'people', people: 12 })], 30), 12);
});

test('thirty people raise thirty hands for one choice, and so many each for several', () => {
  assert.equal(mostHands(single, { 1: 12 }, 30, '2'), 18);
  assert.equal(mostHands(single, { 1: 12 }, 30, '1'), 30);
  assert.equal(mostHands({ ...single, kind: 'several', most: 2 }, { 1: 30 }, 30, '2'), 30);
  assert.equal(mostHands({ ...single, kind: 'several', most: 2 }, { 1: 30, 3: 25 }, 30, '2'), 5);
  assert.equal(mostHands(single, { 1: 30 }, 12, '2'), 0, 'some have left since');
});

test('a question is late after five minutes; a count never is', () => {
  assert.equal(isLate(entry({ kind: 'ask' }, 0), 300_000), false);
  assert.equal(isLate(entry({ kind: 'ask' }, 0), 300_001), true);
  assert.equal(isLate(entry({ kind: 'count' }, 0), 900_000), false);
});

test('a typed number is held within what there can be', () => {
  assert.deepEqual(['12', '400', '-3', 'douze', ''].map((typed) => typedNumber(typed, 30)), [12, 30, 0, null, null]);
});

test('a pass says what the clock of the platform is ahead', async () => {
  const answer = { ok: true, status: 200, headers: new Map([['Date', 'Mon, 23 Nov 2026 09:00:00 GMT']]), json: async () => ({ expires_at: '2026-11-23T09:10:00Z' }) };
  const passes = new PassKeeper({ fetch: async () => answer, now: () => Date.parse('2026-11-23T08:58:00Z'), later: () => {} });
  assert.equal(passes.skew, null);
  await passes.renew();
  assert.equal(passes.skew, 120_000);
  assert.equal(lifetime('2026-11-23T09:10:00Z', 'Mon, 23 Nov 2026 09:00:00 GMT', 0), 600_000);
});
