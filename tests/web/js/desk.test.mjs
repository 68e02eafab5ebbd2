// The moderation desk by keyboard, votes shown before they are counted, the ring's dots, and both languages complete.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KEYS, moved, neighbour } from '../../../web/js/state/keys.js';
import { share } from '../../../web/js/state/ring.js';
import { ALLOWED, LEADS_TO, REVERSE } from '../../../web/js/state/tables.js';
import { pressed, shown } from '../../../web/js/state/votes.js';

const columns = { waiting: ['a', 'b', 'c'], published: [], running: ['x', 'y'] };

test('the first movement chooses the first question there is', () => {
  assert.equal(moved(columns, null, 'down'), 'a');
  assert.equal(moved({ waiting: [], published: ['p'], running: [] }, 'gone', 'up'), 'p');
  assert.equal(moved({ waiting: [], published: [], running: [] }, null, 'down'), null);
});

test('up and down stop at the ends of a column', () => {
  assert.equal(moved(columns, 'a', 'up'), 'a');
  assert.equal(moved(columns, 'a', 'down'), 'b');
  assert.equal(moved(columns, 'c', 'down'), 'c');
});

test('left and right step over empty columns and keep the row while there is one', () => {
  assert.equal(moved(columns, 'b', 'right'), 'y');
  assert.equal(moved(columns, 'c', 'right'), 'y');
  assert.equal(moved(columns, 'x', 'left'), 'a');
  assert.equal(moved(columns, 'a', 'left'), 'a');
});

test('after a command the hand stays where it was', () => {
  assert.equal(neighbour(['a', 'b', 'c'], ['a', 'c'], 'b'), 'c');
  assert.equal(neighbour(['a', 'b'], ['a'], 'b'), 'a');
  assert.equal(neighbour(['a'], [], 'a'), null);
});

test('every command has a key, and what takes it back is allowed where it leads', () => {
  const commands = new Set(Object.values(ALLOWED).flat());
  for (const command of commands) assert.ok(Object.values(KEYS).includes(command), command);
  for (const [command, back] of Object.entries(REVERSE)) assert.ok(ALLOWED[LEADS_TO[command]].includes(back), command);
});

test('a pressed vote shows at once and the server’s count takes over', () => {
  const live = { items: { q: { votes: 4 } }, my_votes: [] };
  const presses = pressed(new Map(), 'q', { on: true, base: 4 });
  assert.deepEqual(shown(live, presses, 'q'), { on: true, votes: 5 });
  assert.deepEqual(shown({ ...live, items: { q: { votes: 7 } } }, presses, 'q'), { on: true, votes: 7 });
  assert.deepEqual(shown(live, pressed(presses, 'q', null), 'q'), { on: false, votes: 4 });
  assert.deepEqual(shown({ items: { q: { votes: 0 } }, my_votes: ['q'] }, pressed(new Map(), 'q', { on: false, base: 0 }), 'q'), { on: false, votes: 0 });
});

const catalogue = (lang) => JSON.parse(readFileSync(new URL(`../../../web/locales/${lang}/live.json`, import.meta.url), 'utf8'));

test('French and English say the same things with the same parameters', () => {
  const [fr, en] = [catalogue('fr'), catalogue('en')];
  assert.deepEqual(Object.keys(fr).sort(), Object.keys(en).sort());
  const holes = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const key of Object.keys(fr)) assert.deepEqual(new Set(holes(fr[key])), new Set(holes(en[key])), key);
});

test('French is set with its spaces', () => {
  for (const [key, text] of Object.entries(catalogue('fr'))) {
    assert.doesNotMatch(text, /[^\u202f\u00a0][;!?»]|[^\u00a0]:|«[^\u00a0]|'/u, `${key}: ${text}`);
  }
});

test('the ring gives everybody a dot while they fit, then each door its share and never none', () => {
  assert.deepEqual(share({ in_room: 3, remote: 2, hub: 0 }, 12), { in_room: 3, remote: 2, hub: 0 });
  const many = share({ in_room: 500, remote: 300, hub: 1 }, 36);
  assert.equal(many.in_room + many.remote + many.hub, 36);
  assert.ok(many.hub === 1 && many.in_room > many.remote);
  assert.deepEqual(share({ in_room: 0, remote: 0, hub: 0 }, 36), { in_room: 0, remote: 0, hub: 0 });
});
