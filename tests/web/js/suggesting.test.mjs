// What is asked already is asked for when the typing rests, and only the last answer counts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEAST_CHARACTERS, STILL, Suggesting } from '../../../web/js/state/suggesting.js';

const TEXT = 'Quand la fibre arrive';

function desk() {
  const asked = [];
  const shown = [];
  const timers = new Map();
  const timer = {
    set(fn, ms) {
      assert.equal(ms, STILL);
      timers.set(fn, fn);
      return fn;
    },
    clear: (id) => timers.delete(id),
  };
  const find = (text) => new Promise((answer, refuse) => asked.push({ text, answer, refuse }));
  const rest = () => [...timers.values()].forEach((fn) => timers.delete(fn) && fn());
  return { asked, shown, rest, suggesting: new Suggesting(timer, find, (found) => shown.push(found)) };
}

const settled = () => new Promise((done) => setImmediate(done));

test('it asks once the typing rests, and never for little or too much', () => {
  const { asked, rest, suggesting } = desk();
  for (const text of ['a'.repeat(LEAST_CHARACTERS - 1), 'a'.repeat(501), TEXT.slice(0, -1), TEXT, `${TEXT} `]) suggesting.type(text);
  rest();
  assert.deepEqual(asked.map(({ text }) => text), [TEXT]);
});

test('an answer to what is written no more, and a failure, show nothing', async () => {
  const { asked, shown, rest, suggesting } = desk();
  suggesting.type(TEXT);
  rest();
  suggesting.type(`${TEXT}ra`);
  rest();
  asked[0].answer([{ id: 'old' }]);
  await settled();
  assert.deepEqual(shown, []);
  asked[1].answer([{ id: 'new' }]);
  await settled();
  assert.deepEqual(shown, [[{ id: 'new' }]]);
  suggesting.type(`${TEXT}ra-t-elle`);
  rest();
  asked[2].refuse(new Error('429'));
  await settled();
  suggesting.type('');
  assert.deepEqual(shown.slice(1), [[], []]);
});
