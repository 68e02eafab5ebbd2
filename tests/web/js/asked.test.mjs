// Which of the organiser's questions a form shows: by what was answered before, and by the door.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAsked } from '../../../web/js/ui/asked.js';

const said = (pairs) => {
  const form = new URLSearchParams(pairs);
  return { get: (name) => form.get(name), getAll: (name) => form.getAll(name) };
};
const none = new Set();

test('a question for a door is there for who comes by it', () => {
  assert.equal(isAsked({ doors: 'in_room hub' }, said({ door: 'hub' }), none), true);
  assert.equal(isAsked({ doors: 'in_room hub' }, said({ door: 'remote' }), none), false);
  assert.equal(isAsked({}, said({}), none), true);
});

test('a question after an answer is there once it is given, in whatever words', () => {
  const after = { after: 'answers.meal', given: '["Meat & eggs","« None »"]' };
  assert.equal(isAsked(after, said([['answers.meal', 'Fish'], ['answers.meal', 'Meat & eggs']]), none), true);
  assert.equal(isAsked(after, said([['answers.meal', 'Fish']]), none), false);
  assert.equal(isAsked(after, said([]), none), false);
});

test('what depends on a question that is away is away with it', () => {
  assert.equal(isAsked({ after: 'answers.a', given: '["yes"]' }, said({ 'answers.a': 'yes' }), new Set(['answers.a'])), false);
});
