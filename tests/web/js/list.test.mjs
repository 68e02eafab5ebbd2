// What a reader asks of the list, what came meanwhile, how long one still waits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choicesByDay } from '../../../web/js/state/choices.js';
import { News } from '../../../web/js/state/news.js';
import { ALL, folded, found, sorting } from '../../../web/js/state/search.js';
import { Waiting } from '../../../web/js/state/waiting.js';

const item = (id, text, votes = 0, asked_at = '2026-11-23T09:00:00Z', author = '') => ({ id, text, votes, asked_at, author });

test('accents, case and joined letters make no difference', () => {
  assert.equal(folded('L’Œuvre À GRENOBLE'), "l'oeuvre a grenoble");
  assert.equal(folded('Straße'), 'strasse');
  const items = [item('a', 'Où est l’école ?'), item('b', 'Qui paie la fibre ?', 0, undefined, 'Zoé')];
  assert.deepEqual(found(items, { ...ALL, text: 'ECOLE ou' }, new Set()).map(({ id }) => id), ['a']);
  assert.deepEqual(found(items, { ...ALL, text: ' zoe ' }, new Set()).map(({ id }) => id), ['b']);
  assert.deepEqual(found(items, { ...ALL, text: 'gare' }, new Set()), []);
  assert.equal(found(items, { ...ALL, text: '  ' }, new Set()).length, 2);
});

test('only what one supports, by support', () => {
  const items = [item('a', 'x', 1), item('b', 'y', 5), item('c', 'z', 3)];
  assert.deepEqual(found(items, { by: 'mine', text: '' }, new Set(['c', 'b'])).sort(sorting('mine')).map(({ id }) => id), ['b', 'c']);
});

test('by time, the newest first', () => {
  const items = [item('a', 'x', 9, '2026-11-23T09:00:00Z'), item('b', 'y', 0, '2026-11-23T09:05:00Z')];
  assert.deepEqual([...items].sort(sorting('time')).map(({ id }) => id), ['b', 'a']);
  assert.deepEqual([...items].sort(sorting('votes')).map(({ id }) => id), ['a', 'b']);
});

test('new is what came since the page was last looked at', () => {
  const news = new News();
  assert.equal(news.count(['a'], true), 0);
  assert.equal(news.count(['a'], false), 0);
  assert.equal(news.count(['a', 'b', 'c'], false), 2);
  assert.equal(news.count(['a', 'b'], false), 1, 'what was taken away again is no news');
  assert.equal(news.count(['a', 'b'], true), 0);
  assert.equal(news.count(['a', 'b'], false), 0);
});

test('a wait tells each whole second once, and its end', () => {
  let now = 0;
  let next = null;
  const told = [];
  const clock = { set: (fn, ms) => { next = { fn, at: now + ms }; return next; }, clear: () => { next = null; }, now: () => now };
  const waiting = new Waiting(clock, (left) => told.push(left));
  waiting.begin(2.4);
  while (next) {
    now = next.at;
    const { fn } = next;
    next = null;
    fn();
  }
  assert.deepEqual(told, [3, 2, 1, 0]);
  assert.equal(waiting.left(), 0);
  waiting.begin(9);
  waiting.stop();
  assert.equal(next, null);
  assert.equal(waiting.left(), 0);
});

test('sessions stand by day, what is on and next before all others', () => {
  const one = (id, starts_at) => ({ id, title: id, label: null, questions: true, starts_at });
  const sessions = [one('a', '2026-11-23T09:00:00Z'), one('b', '2026-11-23T10:00:00Z'), one('c', '2026-11-24T09:00:00Z'), one('d', null)];
  const dayOf = (instant) => instant.slice(0, 10);
  const groups = choicesByDay(sessions, { now: ['a'], next: [] }, dayOf).map(({ name, sessions: some }) => [name, some.map(({ id }) => id)]);
  assert.deepEqual(groups, [['now', ['a']], ['day', ['b']], ['day', ['c']], ['all', ['d']]]);
  const single = choicesByDay(sessions.slice(0, 2), { now: [], next: ['b'] }, dayOf).map(({ name }) => name);
  assert.deepEqual(single, ['next', 'all']);
});
