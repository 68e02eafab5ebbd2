// The law of the live feed on the vectors that the server's fold is checked on too: a snapshot, then its events, equals a fresh snapshot.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { reduce, replay } from '../../../web/js/state/feed.js';

const folder = new URL('../../vectors/feed/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('there are vectors', () => assert.ok(files.length > 0));

for (const file of files) {
  for (const { name, snapshot, events, result } of JSON.parse(readFileSync(new URL(file, folder), 'utf8'))) {
    test(`${file}: ${name}`, () => {
      const before = structuredClone(snapshot);
      assert.deepEqual(replay(snapshot, events), result);
      assert.deepEqual(snapshot, before, 'the snapshot itself is never changed');
    });
  }
}

test('an unknown kind leaves the state as it is', () => {
  const state = { session: 's', floor: { state: 'open', version: 1 }, items: {}, presence: { in_room: 0, remote: 0, hub: 0 }, stream: null };
  assert.equal(reduce(state, { kind: 'toString', data: {} }), state);
  assert.equal(reduce(state, { kind: 'weather', data: {} }), state);
});
