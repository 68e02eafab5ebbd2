// The law of the live feed on the vectors that the server's fold is checked on too: a snapshot, then its events, equals a fresh snapshot.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { ASPECTS, folding, reduce, replay } from '../../../web/js/state/feed.js';

const folder = new URL('../../vectors/feed/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('there are vectors', () => assert.ok(files.length > 0));

for (const file of files) {
  for (const { name, replay: replayed, snapshot, events, result } of JSON.parse(readFileSync(new URL(file, folder), 'utf8'))) {
    test(`${file}: ${name}`, () => {
      const before = structuredClone(snapshot);
      assert.deepEqual(replay(snapshot, events), result);
      assert.deepEqual(snapshot, before, 'the snapshot itself is never changed');
    });
    if (!replayed) continue;
    test(`${file}: ${name}: no text that a fresh snapshot does not hold`, () => {
      const there = texts(result);
      for (const text of texts(events)) assert.ok(there.has(text), text);
    });
  }
}

/** Everything that people wrote. */
function texts(value, found = new Set()) {
  for (const [name, each] of Object.entries(value ?? {})) {
    if (typeof each === 'object') texts(each, found);
    else if (['text', 'original', 'author', 'note', 'title', 'label', 'name'].includes(name)) found.add(each);
  }
  return found;
}

test('another aspect is one object and its place among the others', () => {
  const hearts = { hearts: (state, data) => ({ ...state, hearts: data.count }) };
  const fold = folding([...ASPECTS, hearts]);
  const state = { session: 's', items: { q: { id: 'q', version: 1 } } };
  assert.deepEqual([{ kind: 'hearts', data: { count: 3 } }, { kind: 'gone', data: { id: 'q' } }].reduce(fold, state), { session: 's', items: {}, hearts: 3 });
});

test('no two aspects take the same kind of frame', () => {
  const kinds = ASPECTS.flatMap((aspect) => Object.keys(aspect));
  assert.equal(new Set(kinds).size, kinds.length);
});

test('an unknown kind leaves the state as it is', () => {
  const state = { session: 's', floor: { state: 'open', version: 1 }, items: {}, presence: { in_room: 0, remote: 0, hub: 0 }, stream: null };
  assert.equal(reduce(state, { kind: 'toString', data: {} }), state);
  assert.equal(reduce(state, { kind: 'weather', data: {} }), state);
});
