// What a desk at the door knows without a line: its sealed list opens by a ticket alone, and what it did counts at once.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DoorList } from '../../../web/js/net/door_list.js';
import { DoorBook, plainCode, weightOf } from '../../../web/js/state/door.js';

const vector = JSON.parse(readFileSync(new URL('../../vectors/door.json', import.meta.url), 'utf8'));
const given = { subtle: globalThis.crypto.subtle };

function listOf() {
  const list = new DoorList(given);
  list.list = { event: 'e', day: '2026-11-23', made_at: '2026-11-23T07:42:00.000Z', salt: vector.salt, places: [], people: { [vector.index]: vector.sealed }, inside: [] };
  return list;
}

test('a code is read however it is typed, and nothing else is one', () => {
  assert.equal(plainCode(` ${vector.code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o')} `), vector.code.replaceAll('-', ''));
  for (const text of ['', 'ABCD', 'https://tablee.example/l/lnk_x', '7K2M-9QXD-1HCA-V0ZU']) assert.equal(plainCode(text), '');
});

test('a line that the server sealed opens by its own ticket', async () => {
  const { index, person } = await listOf().open(plainCode(vector.code));
  assert.equal(index, vector.index);
  assert.deepEqual(person, vector.person);
});

test('another ticket finds nothing, and a list alone tells nobody', async () => {
  const list = listOf();
  assert.deepEqual((await list.open('0000000000000000')).person, null);
  assert.ok(!JSON.stringify(list.list).includes(vector.person.name));
});

test('a line under the index of another ticket does not open', async () => {
  const list = listOf();
  const { index } = await list.open('0000000000000000');
  list.list.people[index] = vector.sealed;
  await assert.rejects(list.open('0000000000000000'));
});

const ada = { id: 'a', name: 'Ada', door: 'in_room', image_rights: null, days: ['2026-11-23'] };
const passing = (more = {}) => ({ index: 'i', kind: 'entry', place: '', at: '2026-11-23T08:02:00.000Z', desk: 'A', ...more });
const told = (book, passage, person = ada, day = '2026-11-23') => book.judge(passage, person, day).told;

test('who came in is in, also by what another desk did before the line was cut', () => {
  const book = new DoorBook();
  book.learn({ inside: [['j', '', '2026-11-23T08:00:00.000Z', 'B']] }, []);
  assert.equal(told(book, passing()), 'in');
  book.mark('n', passing());
  assert.deepEqual(book.judge(passing(), ada, '2026-11-23').first, { at: '2026-11-23T08:02:00.000Z', desk: 'A' });
  assert.equal(told(book, passing({ index: 'j' })), 'again');
  assert.equal(told(book, passing({ place: 's' })), 'in', 'a session is another place');
});

test('out and in again, and what was taken back never was', () => {
  const book = new DoorBook();
  assert.equal(told(book, passing({ kind: 'exit' })), 'not_in');
  book.mark('n', passing());
  assert.equal(told(book, passing({ kind: 'exit' })), 'out');
  book.mark('x', passing({ kind: 'exit' }));
  assert.equal(told(book, passing()), 'in');
  book.unmark('x');
  assert.equal(told(book, passing()), 'again');
  book.unmark('n');
  assert.equal(told(book, passing()), 'in');
});

test('a fresh list keeps what waits here', () => {
  const book = new DoorBook();
  book.learn({ inside: [] }, [passing()]);
  assert.equal(told(book, passing()), 'again');
});

test('another day is told, and no days are every day', () => {
  const book = new DoorBook();
  assert.equal(told(book, passing(), ada, '2026-11-24'), 'other_day');
  assert.equal(told(book, passing(), { ...ada, days: [] }, '2026-11-24'), 'in');
  assert.equal(told(book, passing(), null), 'unknown');
});

test('every word has its weight', () => {
  assert.deepEqual(['in', 'again', 'withdrawn', 'out'].map(weightOf), ['good', 'look', 'bad', 'calm']);
});
