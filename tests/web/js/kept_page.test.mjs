// The last state of a hall's session is there when the page opens without a line; never that of another session, host or version.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptState } from '../../../web/js/net/kept_page.js';

const known = (n) => ({ live: { items: { [n]: {} } }, people: n, confirmed: true });

test('it is written down now and then, and once more when the page goes', () => {
  const kept = new Map();
  const drawer = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: () => {} };
  const open = (owner = 'host', session = 's', version = 'v1') => new KeptState(drawer, owner, session, version);
  const state = open();
  assert.equal(state.read(), null);
  state.keep({ ...known(1), live: null }, 9_000);
  assert.equal(open().read(), null, 'nothing is known yet');
  state.keep(known(1), 10_000);
  state.keep(known(2), 12_000);
  assert.equal(open().read().people, 1);
  state.keep(known(3), 15_000);
  assert.equal(open().read().people, 3);
  state.keep(known(4), Infinity);
  assert.deepEqual(open().read(), known(4));
  assert.deepEqual([open('other').read(), open('host', 't').read(), open('host', 's', 'v2').read()], [null, null, null]);
  kept.set('tablee.hall.host', 'no json');
  assert.equal(open().read(), null);
});

test('where nothing may be kept nothing is', () => {
  const refuse = () => { throw new Error('forbidden'); };
  const state = new KeptState({ getItem: refuse, setItem: refuse, removeItem: refuse }, 'host', 's', 'v');
  state.keep(known(1), 10_000);
  assert.equal(state.read(), null);
});
