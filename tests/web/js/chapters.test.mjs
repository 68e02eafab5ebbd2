// Where in a recording the questions are that were asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chapters, placeOf, stamp } from '../../../web/js/state/chapters.js';

const SPANS = [
  { began: '2030-01-01T09:00:00.000Z', at: 0, seconds: 600 },
  { began: '2030-01-01T09:20:00.000Z', at: 600, seconds: 300 },
];

test('an instant has its place where it was recorded, and none in a hole, before or after', () => {
  assert.equal(placeOf(SPANS, '2030-01-01T09:00:00Z'), 0);
  assert.equal(placeOf(SPANS, '2030-01-01T10:09:59Z'), null);
  assert.equal(placeOf(SPANS, '2030-01-01T09:12:00Z'), null);
  assert.equal(placeOf(SPANS, '2030-01-01T08:59:59Z'), null);
  assert.equal(placeOf(SPANS, '2030-01-01T11:21:30.500+02:00'), 690.5);
});

test('what was asked aloud is a chapter, in the order of the recording; nothing else is', () => {
  const item = (/** @type {string} */ id, /** @type {string} */ status, /** @type {string|null} */ staged_at) => ({ id, status, staged_at, text: id, language: 'fr' });
  const items = [
    item('second', 'answered', '2030-01-01T09:21:00Z'), item('first', 'on_stage', '2030-01-01T09:01:00Z'), item('returned', 'published', '2030-01-01T09:02:00Z'),
    item('never', 'answered', null), item('between', 'answered', '2030-01-01T09:15:00Z'),
  ];
  const found = chapters(/** @type {any} */ (Object.fromEntries(items.map((one) => [one.id, one]))), SPANS);
  assert.deepEqual(found.map(({ id, at }) => [id, at]), [['first', 60], ['second', 660]]);
});

test('a place is written as people read it', () => {
  assert.deepEqual([0, 7.9, 247, 3729].map(stamp), ['0:00', '0:07', '4:07', '1:02:09']);
});
