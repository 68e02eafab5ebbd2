// What may be done with a question on the desk, the order of the shortlist, and what letting a question go over another one means.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, lay } from '../../../web/js/state/desk.js';
import { allowed, goals, leaves, meant, possible } from '../../../web/js/state/possible.js';
import { dropped, inTurn, listed, stepped } from '../../../web/js/state/shortlist.js';

const item = (id, status = 'published', more = {}) => ({ id, status, place: '', cued_at: null, draft: '', votes: 0, due: '', asked_at: '2026-11-23T10:00:00Z', ...more });
const placed = (id, place, more = {}) => item(id, 'published', { place, ...more });
const LIST = [placed('b', 'V'), placed('a', 'K'), placed('c', 'x'), item('p'), item('q', 'queued'), item('s', 'on_stage'), item('d', 'declined')];
const of = (id) => LIST.find((one) => one.id === id);

test('what a question has already decides which of two opposite steps is offered', () => {
  assert.ok(allowed(item('p'), false).includes('shortlist') && !allowed(item('p'), false).includes('unlist'));
  assert.ok(allowed(placed('a', 'K'), false).includes('unlist') && !allowed(placed('a', 'K'), false).includes('shortlist'));
  assert.ok(!allowed(item('p'), false).includes('release') && allowed(item('p', 'published', { draft: 'Soon' }), false).includes('release'));
  assert.deepEqual([meant(placed('a', 'K'), 'shortlist'), meant(item('p'), 'shortlist'), meant(item('p', 'published', { cued_at: 'now' }), 'cue')], ['unlist', 'shortlist', 'uncue']);
  assert.ok(possible(placed('a', 'K'), 'shortlist', false), 'a place is taken anew');
});

test('what needs the floor is not offered where the programme has the session no more, and nothing is offered twice', () => {
  assert.ok(!allowed(item('p'), true).includes('stage') && !allowed(item('p'), true).includes('cue') && allowed(item('p'), true).includes('defer'));
  for (const status of ['queued', 'published', 'on_stage', 'deferred', 'answered']) {
    const all = allowed(item('x', status), false);
    assert.equal(new Set(all).size, all.length, status);
  }
  assert.deepEqual(allowed(item('m', 'merged'), false), []);
});

test('the hand goes on only where a question goes to another place of the desk', () => {
  assert.deepEqual([leaves(item('p'), 'shortlist'), leaves(placed('a', 'K'), 'cue'), leaves(item('p'), 'assign'), leaves(item('q', 'queued'), 'merge')], [true, false, false, true]);
  assert.deepEqual([leaves(placed('a', 'K'), 'unlist'), leaves(placed('a', 'K', { cued_at: 'now' }), 'unlist'), leaves(item('n', 'published', { cued_at: 'now' }), 'uncue')], [true, false, true]);
});

test('the shortlist follows its places, the next one first; those that run stand under it', () => {
  assert.deepEqual(listed(LIST).map(({ id }) => id), ['a', 'b', 'c']);
  assert.deepEqual([...LIST.slice(0, 3), item('n', 'published', { cued_at: 'now' })].sort(inTurn).map(({ id }) => id), ['n', 'a', 'b', 'c']);
  const layout = lay(blank(), LIST, { sorts: { published: 'votes' }, held: () => false, own: () => false });
  assert.deepEqual([layout.shortlist.ids, layout.published.ids, layout.stage.ids], [['a', 'b', 'c'], ['p'], ['s']]);
});

test('a step up or down names the question it comes behind, and there is none beyond the ends', () => {
  assert.deepEqual(['b', 'c'].map((id) => stepped(LIST, id, 'earlier')), [null, 'a']);
  assert.deepEqual(['a', 'b'].map((id) => stepped(LIST, id, 'later')), ['b', 'c']);
  assert.deepEqual([stepped(LIST, 'a', 'earlier'), stepped(LIST, 'c', 'later'), stepped(LIST, 'p', 'later')], [undefined, undefined, undefined]);
});

test('let go over another question it becomes its duplicate, where that one can take it', () => {
  const on = (id, over, at = 0.5, group = 'waiting') => dropped(of(id), { over: of(over), group, at }, LIST, false);
  assert.deepEqual(on('q', 'p', 0.05), { command: 'merge', more: { into: 'p' }, mark: 'into' });
  assert.equal(on('p', 's')?.more.into, 's');
  assert.deepEqual([on('q', 'd'), on('q', 'q'), on('s', 'p')], [null, null, null]);
  assert.deepEqual(goals(LIST, [of('p')]).some(({ id }) => ['p', 'd'].includes(id)), false);
});

test('let go on the edge of a card of the shortlist it gets the place before or behind it', () => {
  const on = (id, over, at) => dropped(of(id), { over: over && of(over), group: 'shortlist', at }, LIST, false);
  assert.deepEqual(on('p', 'a', 0.1), { command: 'shortlist', more: { after: null }, mark: 'before' });
  assert.deepEqual(on('p', 'b', 0.9), { command: 'shortlist', more: { after: 'b' }, mark: 'behind' });
  assert.deepEqual(on('c', 'a', 0.9), { command: 'shortlist', more: { after: 'a' }, mark: 'behind' });
  assert.equal(on('c', 'a', 0.5)?.command, 'merge');
  assert.deepEqual(on('p', null, 1), { command: 'shortlist', more: {}, mark: 'end' });
  assert.deepEqual([on('b', 'a', 0.9), on('b', 'c', 0.1), on('c', null, 1)], [null, null, null], 'where it stands already');
  assert.equal(on('q', null, 1), null, 'what nobody has published yet');
});
