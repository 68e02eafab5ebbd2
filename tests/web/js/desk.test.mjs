// The moderation desk by keyboard, votes shown before they are counted, the ring's dots, and both languages complete.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { arrange, blank, counts, groupOf, lay } from '../../../web/js/state/desk.js';
import { EVERYTHING, languagesOf, matching } from '../../../web/js/state/filters.js';
import { LETTERED, keysOf, moved, neighbour } from '../../../web/js/state/keys.js';
import { share } from '../../../web/js/state/ring.js';
import { folded } from '../../../web/js/state/search.js';
import { ALLOWED, ALSO } from '../../../web/js/state/tables.js';
import { pressed, shown as voted } from '../../../web/js/state/votes.js';

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

const CATALOGUES = ['live', 'desk', 'control', 'hub', 'studio'];
const catalogue = (lang, name) => JSON.parse(readFileSync(new URL(`../../../web/locales/${lang}/${name}.json`, import.meta.url), 'utf8'));
const everything = (lang) => Object.assign({}, ...CATALOGUES.map((name) => catalogue(lang, name)));

test('in each language every command has a key of its own, whose letter is in its words', () => {
  for (const lang of ['fr', 'en']) {
    const words = catalogue(lang, 'desk');
    const letters = LETTERED.flatMap((word) => [...words[`key.${word}`]]);
    const keys = keysOf((word) => words[`key.${word}`]);
    assert.equal(new Set(letters).size, letters.length, lang);
    for (const command of Object.values({ ...ALLOWED, also: Object.values(ALSO).flat().filter((step) => !['unlist', 'uncue'].includes(step)) }).flat()) assert.ok(Object.values(keys).includes(command), `${lang} ${command}`);
    for (const word of LETTERED.filter((one) => one !== 'undo')) assert.ok(folded(words[`command.${word}`]).includes(words[`key.${word}`][0]), `${lang} ${word}`);
    assert.equal(keys.a, 'publish');
  }
});

test('every state has its group: what is on stage, what was answered, what was set aside', () => {
  assert.deepEqual(Object.keys(ALLOWED).map((status) => groupOf({ status })).filter((group) => !group), []);
  assert.deepEqual(
    ['on_stage', 'deferred', 'answered', 'hidden', 'declined', 'withdrawn'].map((status) => groupOf({ status })), ['stage', 'promised', 'answered', 'aside', 'aside', 'aside'],
  );
  assert.deepEqual([{ place: 'U' }, { cued_at: '2026-11-23T10:00:00Z' }, { place: '' }].map((more) => groupOf({ status: 'published', ...more })), ['shortlist', 'shortlist', 'published']);
  assert.equal(counts([{ status: 'queued' }, { status: 'hidden' }, { status: 'declined' }]).aside, 2);
});

const shown = (...ids) => ({ ids, fresh: 0, moved: false });
const mine = (id) => id.startsWith('m');
const nobody = () => false;

test('in a queue under a hand what a colleague took keeps its place and what is new comes last', () => {
  assert.deepEqual(arrange(shown('a', 'm', 'c'), ['c', 'd'], true, mine, true), shown('a', 'c', 'd'));
  assert.deepEqual(arrange(shown('a', 'm', 'c'), ['c', 'd'], false, mine, true), shown('c', 'd'));
});

test('under a hand what is new waits where it would push the others away', () => {
  assert.deepEqual(arrange(shown('c', 'b'), ['d', 'c', 'b'], true, nobody, false), { ids: ['c', 'b'], fresh: 1, moved: false });
  assert.deepEqual(arrange(shown('c', 'b'), ['b', 'c'], true, nobody, false), { ids: ['c', 'b'], fresh: 0, moved: true });
});

test('what one takes back oneself comes to its own place, also under one’s hand', () => {
  assert.deepEqual(arrange(shown('a', 'c'), ['a', 'm', 'c', 'd'], true, mine, true), shown('a', 'm', 'c', 'd'));
  assert.deepEqual(arrange(shown('a', 'c'), ['m', 'a', 'c'], true, mine, false), shown('m', 'a', 'c'));
});

const asked = (id, status, minute, more = {}) => ({ id, status, asked_at: `2026-11-23T10:0${minute}:00Z`, changed_at: `2026-11-23T10:0${minute}:00Z`, votes: 0, door: 'remote', language: 'fr', text: '', author: '', ...more });

test('each group has its order, the latest decision on top where none is asked for', () => {
  const items = [asked('a', 'queued', 2), asked('b', 'queued', 1), asked('c', 'published', 1, { votes: 1 }), asked('d', 'published', 2, { votes: 3 }), asked('e', 'declined', 1), asked('f', 'hidden', 2)];
  const layout = lay(blank(), items, { sorts: { waiting: 'oldest', published: 'votes' }, held: nobody, own: nobody });
  assert.deepEqual(Object.values(layout).map(({ ids }) => ids), [['b', 'a'], ['d', 'c'], [], [], [], [], ['f', 'e']]);
  assert.deepEqual(lay(blank(), items, { sorts: { waiting: 'newest' }, held: nobody, own: nobody }).waiting.ids, ['a', 'b']);
  const together = [asked('h', 'declined', 1), asked('g', 'declined', 1)];
  for (const come of [together, [...together].reverse()]) assert.deepEqual(lay(blank(), come, { sorts: {}, held: nobody, own: nobody }).aside.ids, ['g', 'h'], 'of one instant');
});

test('questions are found by door, age, support, language, and by words without their accents', () => {
  const now = Date.parse('2026-11-23T10:10:00Z');
  const items = [asked('a', 'queued', 1, { text: 'Où sont les élus ?', author: 'Ada' }), asked('b', 'queued', 8, { door: 'hub', votes: 5, text: 'Un cœur', original: 'Le cœur', language: 'en' })];
  const found = (filters) => items.filter(matching({ ...EVERYTHING, ...filters }, now)).map(({ id }) => id);
  assert.deepEqual(found({}), ['a', 'b']);
  assert.deepEqual(found({ text: 'ELUS ou' }), ['a']);
  assert.deepEqual(found({ text: 'coeur le' }), ['b']);
  assert.deepEqual(found({ text: 'ada' }), ['a']);
  assert.deepEqual(items.map((item) => ({ ...item, text: 'Łódź, Straße' })).filter(matching({ ...EVERYTHING, text: 'lodz strasse' }, now)).length, 2);
  assert.deepEqual(found({ door: 'hub' }), ['b']);
  assert.deepEqual(found({ votes: '5' }), ['b']);
  assert.deepEqual(found({ language: 'fr' }), ['a']);
  assert.deepEqual(found({ age: '<5' }), ['b']);
  assert.deepEqual(found({ age: '>5' }), ['a']);
  assert.deepEqual(languagesOf(items), ['en', 'fr']);
});

test('a pressed vote shows at once and the server’s count takes over', () => {
  const live = { items: { q: { votes: 4 } }, my_votes: [] };
  const presses = pressed(new Map(), 'q', { on: true, base: 4 });
  assert.deepEqual(voted(live, presses, 'q'), { on: true, votes: 5 });
  assert.deepEqual(voted({ ...live, items: { q: { votes: 7 } } }, presses, 'q'), { on: true, votes: 7 });
  assert.deepEqual(voted(live, pressed(presses, 'q', null), 'q'), { on: false, votes: 4 });
  assert.deepEqual(voted({ items: { q: { votes: 0 } }, my_votes: ['q'] }, pressed(new Map(), 'q', { on: false, base: 0 }), 'q'), { on: false, votes: 0 });
});

test('French and English say the same things with the same parameters', () => {
  const [fr, en] = [everything('fr'), everything('en')];
  assert.deepEqual(Object.keys(fr).sort(), Object.keys(en).sort());
  const holes = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const key of Object.keys(fr)) assert.deepEqual(new Set(holes(fr[key])), new Set(holes(en[key])), key);
});

test('French is set with its spaces', () => {
  for (const [key, text] of Object.entries(everything('fr'))) {
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
