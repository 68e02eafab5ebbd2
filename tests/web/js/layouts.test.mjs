// Where the pictures of a programme stand, how its words are set, and which key means what.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAYOUTS, contain, largest, layoutOf, lines, tiles, withSigners } from '../../../web/js/state/layouts.js';
import { meaning, titlesOf } from '../../../web/js/state/studio.js';

const key = (name, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...more });
const both = new Set(['room', 'screen']);
const seen = (present, people = [], author = '') => ({ present, people, author });

test('a picture keeps its shape and loses no edge, in whatever place', () => {
  for (const [width, height] of [[1280, 720], [720, 1280], [640, 480], [4000, 30]]) {
    const box = { x: 10, y: 20, w: 640, h: 360 };
    const inside = contain(box, width, height);
    assert.ok(Math.abs(inside.w / inside.h - width / height) < 1e-6);
    assert.ok(inside.x >= box.x && inside.y >= box.y && inside.x + inside.w <= box.x + box.w + 1e-9 && inside.y + inside.h <= box.y + box.h + 1e-9);
    assert.ok(Math.abs(inside.w - box.w) < 1e-9 || Math.abs(inside.h - box.h) < 1e-9);
  }
  assert.equal(contain({ x: 0, y: 0, w: 1, h: 1 }, 0, 0).w, 0);
});

test('every layout stays on the programme, with whatever pictures and people there are, and nobody covers anybody', () => {
  const overlap = (a, b) => Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x) > 1e-9 && Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y) > 1e-9;
  for (const layout of LAYOUTS) {
    for (const present of [new Set(), new Set(['room']), new Set(['screen']), both]) {
      for (const people of [[], ['a'], ['a', 'b'], ['a', 'b', 'c', 'd', 'e', 'f']]) {
        const found = tiles(layout, seen(present, people));
        for (const { id, x, y, w, h } of found) {
          assert.ok(present.has(id) || people.includes(id), `${layout}: ${id}`);
          assert.ok(x >= 0 && y >= 0 && x + w <= 1 + 1e-9 && y + h <= 1 + 1e-9);
        }
        if (layout === 'inset') continue;
        found.forEach((one, index) => found.slice(index + 1).forEach((other) => assert.ok(!overlap(one, other), layout)));
      }
    }
  }
});

test('an interpreter into sign language is in every layout, as large as it was set, and covers no smaller picture', () => {
  const overlap = (a, b) => Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x) > 1e-9 && Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y) > 1e-9;
  for (const layout of LAYOUTS) {
    for (const size of [0.15, 0.25, 0.45]) {
      const wanted = tiles(layout, seen(both, ['a'], 'a'));
      const { below, over } = withSigners(wanted, ['signer', 'second'], size);
      assert.deepEqual(below.map(({ id }) => id), wanted.map(({ id }) => id), layout);
      assert.equal(over[0].id, 'signer', layout);
      assert.ok(over.length === 2 && over.every(({ x, y, w, h }) => w === size && h === size && x >= 0 && y >= 0 && x + w <= 1 && y + h <= 1), layout);
      assert.ok(!overlap(over[0], over[1]));
      if (['inset', 'question'].includes(layout)) assert.ok(!overlap(over[0], below.at(-1)), layout);
      assert.deepEqual(withSigners(wanted, [], size), { below: wanted, over: [] });
    }
  }
});

test('beside the room stand all who are on air, and alone they have the whole', () => {
  assert.deepEqual(tiles('beside', seen(both, ['a', 'b'])).map(({ id }) => id), ['room', 'a', 'b']);
  assert.deepEqual(tiles('people', seen(both, ['a'])), [{ id: 'a', x: 0, y: 0, w: 1, h: 1 }]);
});

test('an inset without a screen is the room, or somebody with the room in the corner', () => {
  assert.deepEqual(tiles('inset', seen(new Set(['room']))), tiles('room', seen(new Set(['room']))));
  assert.deepEqual(tiles('inset', seen(both)).map(({ id }) => id), ['screen', 'room']);
  assert.deepEqual(tiles('inset', seen(new Set(['room']), ['a'])).map(({ id }) => id), ['a', 'room']);
  assert.deepEqual(tiles('inset', seen(new Set(['screen']))).map(({ id }) => id), ['screen']);
});

test('beside a question stands its author when they are at the table, else the room', () => {
  assert.deepEqual(tiles('question', seen(both, ['a'], 'a')).map(({ id }) => id), ['a']);
  assert.deepEqual(tiles('question', seen(both, ['a'])).map(({ id }) => id), ['room']);
});

test('words are set in lines that are no wider than they may be, and none is lost', () => {
  const measure = (text) => text.length;
  const text = 'Le numérique pour réinventer le localisme et les solidarités anticonstitutionnellement proches\u00a0?';
  for (const most of [4, 10, 25, 200]) {
    const found = lines(text, most, measure);
    assert.ok(found.every((line) => line.length <= most), `${most}`);
    assert.equal(found.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
  }
  assert.deepEqual(lines('  ', 10, measure), []);
});

test('the largest size that fits is taken, else the least', () => {
  const size = largest(10, 100, (one) => one * 3, 120);
  assert.ok(size <= 40 && size > 37);
  assert.equal(largest(10, 100, () => 1e6, 120), 10);
});

test('keys cut and mute, but not while somebody types or holds another key', () => {
  assert.deepEqual(meaning(key('1'), 'BODY'), { layout: 'room' });
  assert.deepEqual(meaning(key('8'), 'BUTTON'), { layout: 'slate' });
  assert.deepEqual(meaning(key('M'), 'BODY'), { command: 'mute' });
  for (const tag of ['INPUT', 'TEXTAREA', 'SELECT']) assert.equal(meaning(key('1'), tag), null);
  for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }]) assert.equal(meaning(key('1', more), 'BODY'), null);
  assert.equal(meaning(key('9'), 'BODY'), null);
  assert.equal(layoutOf('0'), null);
});

test('a name of the programme brings its titles', () => {
  const facts = { participants: [{ name: 'Noor Haddad', titles: ['harbour master', 'diver'], moderates: false }] };
  assert.equal(titlesOf(facts, ' Noor Haddad '), 'harbour master, diver');
  assert.equal(titlesOf(facts, 'Somebody'), '');
  assert.equal(titlesOf(null, 'Noor Haddad'), '');
});
