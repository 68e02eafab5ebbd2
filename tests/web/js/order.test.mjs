// The published order: by votes, but never under a finger.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY, arrange } from '../../../web/js/state/order.js';

const question = (id, votes, asked_at = `2021-03-18T09:0${id.charCodeAt(0) % 10}:00Z`) => ({ id, votes, asked_at });

test('most votes first, equal ones in the order they were asked', () => {
  const items = [question('a', 1), question('b', 5), question('c', 1, '2021-03-18T09:00:00Z')];
  assert.deepEqual(arrange(EMPTY, items, false).ids, ['b', 'c', 'a']);
});

test('held, nothing moves: new ones are counted and the wish to move is told', () => {
  const first = arrange(EMPTY, [question('a', 2), question('b', 1)], false);
  const held = arrange(first, [question('a', 2), question('b', 9), question('c', 4)], true);
  assert.deepEqual(held, { ids: ['a', 'b'], fresh: 1, moved: true });
  assert.deepEqual(arrange(held, [question('a', 2), question('b', 9), question('c', 4)], false), { ids: ['b', 'c', 'a'], fresh: 0, moved: false });
});

test('held, the place of a question that left is kept', () => {
  const first = arrange(EMPTY, [question('a', 3), question('b', 2), question('c', 1)], false);
  const held = arrange(first, [question('a', 3), question('c', 1)], true);
  assert.deepEqual(held, { ids: ['a', 'b', 'c'], fresh: 0, moved: false });
  assert.deepEqual(arrange(held, [question('a', 3), question('c', 1)], false).ids, ['a', 'c']);
});

test('an empty list is filled even while held', () => {
  assert.deepEqual(arrange(EMPTY, [question('a', 0)], true).ids, ['a']);
});
