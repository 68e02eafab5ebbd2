// What is typed is never lost, and never asked twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Draft } from '../../../web/js/state/draft.js';

function drawer() {
  const kept = new Map();
  let n = 0;
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  return { storage, open: () => new Draft(storage, 'table-ronde-1', () => `id-${++n}`) };
}

test('a reload finds the text again', () => {
  const { open } = drawer();
  open().type('Et la fibre ?');
  assert.equal(open().kept.text, 'Et la fibre ?');
});

test('the same text sent again keeps its id, over a reload too', () => {
  const { open } = drawer();
  const draft = open();
  draft.type('  Et la fibre ? ');
  const first = draft.toSend('fr');
  assert.equal(first.text, 'Et la fibre ?');
  assert.equal(open().toSend('fr').id, first.id);
});

test('another text is another question', () => {
  const { open } = drawer();
  const draft = open();
  draft.type('Une');
  const first = draft.toSend('fr');
  draft.type('Une autre');
  assert.notEqual(draft.toSend('fr').id, first.id);
});

test('once accepted it is forgotten, but not what was typed meanwhile', () => {
  const { open } = drawer();
  const draft = open();
  draft.type('Une');
  const { id } = draft.toSend('fr');
  draft.type('Une et la suite');
  assert.equal(draft.accepted(id), false);
  assert.equal(draft.kept.text, 'Une et la suite');
  const next = draft.toSend('fr');
  assert.notEqual(next.id, id);
  assert.equal(draft.accepted(next.id), true);
  assert.equal(open().kept.text, '');
});

test('what was never sent cannot be accepted', () => {
  const { open } = drawer();
  const draft = open();
  draft.type('Une');
  assert.equal(draft.accepted(draft.kept.id), false);
  assert.equal(draft.kept.text, 'Une');
});

test('forbidden storage costs the memory, not the page', () => {
  const storage = { getItem() { throw new Error('no'); }, setItem() { throw new Error('no'); }, removeItem() {} };
  const draft = new Draft(storage, 's', () => 'id');
  draft.type('Une');
  assert.equal(draft.toSend('fr').text, 'Une');
});

test('a question of somebody in the hall is theirs, and the next one is asked for the hall as well', () => {
  const { open } = drawer();
  const draft = open();
  draft.type('Une');
  assert.equal('hall' in draft.toSend('fr'), false);
  draft.forHall({ hall: true, name: ' Mme Le Goff ' });
  const sent = open().toSend('fr');
  assert.deepEqual(sent.hall, { name: 'Mme Le Goff' });
  draft.accepted(sent.id);
  draft.type('Deux');
  assert.deepEqual(draft.toSend('fr').hall, { name: '' });
  draft.forHall({ hall: false });
  assert.equal('hall' in draft.toSend('fr'), false);
});
