// The run of show: days, halls side by side, what is on and late in each, hours that are typed, keys.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { asksNext, days, hourTyped, openDay, stopwatch, timing } from '../../../web/js/state/run_of_show.js';
import { changes, elsewhere } from '../../../web/js/state/show_changes.js';
import { ACTS, SHOW_LETTERED, commandOf, current, keyFor, showKeysOf, stepped } from '../../../web/js/state/show_keys.js';

const STAGES = [{ id: 's', name: 'Main stage', room: 'big' }];
const ROOMS = [{ id: 'big', name: 'Big hall' }, { id: 'small', name: 'Small hall' }];

/** @param {string} session @param {object} change */
const slot = (session, change = {}) => {
  const hours = { starts_at: '2026-11-23T09:00:00Z', ends_at: '2026-11-23T10:00:00Z' };
  return { session, label: null, title: session, language: 'fr', date: '2026-11-23', kind: 'talk', stage: null, room: null, ...hours, progress: 'upcoming', moved: false, by_hand: false, late_minutes: 0, questions: false, printed: hours, ...change };
};
/** @param {object[]} slots */
const order = (...slots) => ({ version: 1, at: '2026-11-23T09:30:00Z', timezone: 'UTC', slots, undo: false });

test('sessions stand under their stage or hall; the hall of a stage is that stage', () => {
  const [day] = days(order(slot('a', { stage: 's' }), slot('b', { room: 'small' }), slot('c', { room: 'big' })), STAGES, ROOMS);
  assert.deepEqual(day.columns.map(({ name, slots }) => [name, slots.map(({ session }) => session)]), [['Main stage', ['a', 'c']], ['Small hall', ['b']]]);
});

test('a break for all stands in the only column, or beside several', () => {
  const one = days(order(slot('a', { stage: 's' }), slot('break')), STAGES, ROOMS)[0];
  assert.deepEqual(one.columns.map(({ id, slots }) => [id, slots.length]), [['s', 2]]);
  const two = days(order(slot('a', { stage: 's' }), slot('b', { room: 'small' }), slot('break', { kind: 'break', room: 'small' })), STAGES, ROOMS)[0];
  assert.deepEqual(two.columns.map(({ id }) => id), ['s', 'small', '']);
});

test('an event without stages and halls has one column', () => {
  assert.deepEqual(days(order(slot('a'), slot('b')), [], [])[0].columns.map(({ id, slots }) => [id, slots.length]), [['', 2]]);
});

test('the questions that come after a session’s are the next ones in its place that can still be asked', () => {
  const [{ columns }] = days(order(
    slot('a', { questions: true, room: 'big' }), slot('break', { room: 'big', starts_at: '2026-11-23T10:00:00Z' }), slot('never', { questions: true, room: 'big', progress: 'cancelled', starts_at: '2026-11-23T11:00:00Z' }),
    slot('b', { questions: true, room: 'big', starts_at: '2026-11-23T12:00:00Z' }), slot('else', { questions: true, room: 'small', starts_at: '2026-11-23T10:30:00Z' }),
  ), [], ROOMS);
  assert.equal(asksNext(columns, 'a')?.session, 'b');
  assert.equal(asksNext(columns, 'b'), null);
  assert.equal(asksNext(columns, 'gone'), null);
});

test('what is on, next and over in a place, and how late it is', () => {
  const [{ columns: [column] }] = days(order(
    slot('late', { progress: 'on', late_minutes: 12 }), slot('next', { starts_at: '2026-11-23T10:12:00Z', late_minutes: 12 }),
    slot('done', { progress: 'over', starts_at: '2026-11-23T08:00:00Z' }), slot('never', { progress: 'cancelled', starts_at: '2026-11-23T09:50:00Z' }),
  ), [], []);
  assert.deepEqual(column.slots.map(({ session }) => session), ['done', 'late', 'never', 'next']);
  assert.deepEqual([column.on[0].session, column.next.session, column.over.length, column.late], ['late', 'next', 1, 12]);
});

test('days are those of the print, in order; sessions without a date come last', () => {
  const tomorrow = { starts_at: '2026-11-24T09:00:00Z', ends_at: null };
  const found = days(order(slot('b', { ...tomorrow, printed: tomorrow, date: '2026-11-24' }), slot('a'), slot('x', { date: null })), [], []);
  assert.deepEqual(found.map(({ day }) => day), ['2026-11-23', '2026-11-24', '']);
});

test('today is open, before the event its first day, after it its last', () => {
  const found = [{ day: '2026-11-23' }, { day: '2026-11-24' }, { day: '' }].map((one) => ({ ...one, slots: [], columns: [] }));
  assert.deepEqual(['2026-11-24', '2026-11-01', '2026-12-01'].map((today) => openDay(found, today)), ['2026-11-24', '2026-11-23', '2026-11-24']);
  assert.equal(openDay([{ day: '', slots: [], columns: [] }], '2026-11-01'), '');
});

test('elapsed and remaining belong to what is on; past its end the rest is negative', () => {
  const now = Date.parse('2026-11-23T10:05:00Z');
  assert.deepEqual(timing(slot('a', { progress: 'on' }), now), { elapsed: 3_900_000, remaining: -300_000, until: null });
  assert.deepEqual(timing(slot('a', { starts_at: '2026-11-23T10:06:00Z' }), now), { elapsed: null, remaining: null, until: 60_000 });
  assert.deepEqual(timing(slot('a', { progress: 'over' }), now), { elapsed: null, remaining: null, until: null });
  assert.deepEqual(timing(slot('a', { progress: 'on', starts_at: null, ends_at: null }), now), { elapsed: null, remaining: null, until: null });
});

test('a stopwatch counts hours, minutes and seconds, also of what is past its end', () => {
  assert.deepEqual([59_999, 65_000, -65_000, 3_720_000].map(stopwatch), [{ h: 0, m: 0, s: 59 }, { h: 0, m: 1, s: 5 }, { h: 0, m: 1, s: 5 }, { h: 1, m: 2, s: 0 }]);
});

test('an hour is read as people write it', () => {
  for (const typed of ['9:20', '9h20', '9 h 20', '9\u202fh\u202f20', '0920', '920', '9.20', ' 09:20 ', '9 20']) assert.equal(hourTyped(typed), '09:20', typed);
  assert.deepEqual(['10', '10 h', '24:00', '23:59'].map(hourTyped), ['10:00', '10:00', '00:00', '23:59']);
  for (const typed of ['', 'soon', '25:00', '24:01', '9:60', '9:2', '-5']) assert.equal(hourTyped(typed), null, typed);
});

test('every act has a key of its own in every language, and the key means that act', () => {
  const locales = new URL('../../../web/locales/', import.meta.url);
  for (const lang of readdirSync(locales)) {
    const words = JSON.parse(readFileSync(new URL(`${lang}/control.json`, locales), 'utf-8'));
    const keys = showKeysOf((word) => words[`show.letter.${word}`]);
    for (const word of [...Object.values(ACTS).flat(), ...SHOW_LETTERED]) assert.equal(keys[keyFor(keys, word)], word, `${lang}: ${word}`);
  }
});

test('acts become the commands of the interface', () => {
  assert.deepEqual(commandOf('later', 'a'), { command: 'slide', session: 'a', minutes: 10 });
  assert.deepEqual(commandOf('earlier', 'a'), { command: 'slide', session: 'a', minutes: -5 });
  assert.deepEqual(commandOf('move', 'a', '10:30'), { command: 'move', session: 'a', at: '10:30' });
  assert.deepEqual(commandOf('start', 'a'), { command: 'start', session: 'a' });
});

test('arrows walk through a column and over to the next one, and never off the end', () => {
  const lists = [['a', 'b', 'c'], [], ['x']];
  assert.equal(stepped(lists, null, 'down'), 'a');
  assert.equal(stepped(lists, 'c', 'down'), 'c');
  assert.equal(stepped(lists, 'a', 'up'), 'a');
  assert.equal(stepped(lists, 'c', 'right'), 'x');
  assert.equal(stepped(lists, 'x', 'left'), 'a');
  assert.equal(stepped(lists, 'x', 'right'), 'x');
  assert.equal(stepped([], 'gone', 'down'), null);
});

test('the hand begins with what is on, else with what comes, else anywhere', () => {
  const [a, b] = [slot('a', { progress: 'on', room: 'small' }), slot('b')];
  assert.equal(current(days(order(b, a), STAGES, ROOMS)[0].columns), 'a');
  assert.equal(current(days(order(b), STAGES, ROOMS)[0].columns), 'b');
  assert.equal(current([]), null);
});

/** @param {string} session @param {object} change */
const told = (session, change) => {
  const at = { starts_at: '2026-11-23T09:00:00Z', ends_at: '2026-11-23T10:00:00Z' };
  return { session, from: at.starts_at, to: at.starts_at, ends_from: at.ends_at, ends_to: at.ends_at, progress_from: 'upcoming', progress_to: 'upcoming', ...change };
};

test('a delay moves a session whole and shortens a break', () => {
  const later = { to: '2026-11-23T09:10:00.000Z' };
  const [whole, pause] = changes(order(slot('a'), slot('pause')), [told('a', { ...later, ends_to: '2026-11-23T10:10:00Z' }), told('pause', later)]);
  assert.deepEqual([whole.hours, whole.length, whole.after.starts_at], [true, null, later.to]);
  assert.deepEqual([pause.hours, pause.length], [true, 'shorter']);
});

test('what ends closes its questions, what is restored opens them; a session without questions does neither', () => {
  const slots = [slot('a', { questions: true }), slot('b', { questions: true }), slot('c')];
  const found = changes(order(...slots), [
    told('a', { progress_from: 'on', progress_to: 'over' }), told('b', { progress_from: 'cancelled' }), told('c', { progress_to: 'cancelled' }), told('gone', {}),
  ]);
  assert.deepEqual(found.map((one) => [one.after.session, one.floor, one.progress]), [['a', 'closes', true], ['b', 'opens', true], ['c', null, true]]);
});

test('what somebody else changed is what differs between two readings', () => {
  const [a, b] = [slot('a'), slot('b')];
  assert.deepEqual(elsewhere(order(a, b), order(a, { ...b, progress: 'on' }, slot('new'))).map(({ session }) => session), ['b', 'new']);
  assert.deepEqual(elsewhere(order(a), order({ ...a, starts_at: '2026-11-23T09:00:00.000Z', late_minutes: 3 })), []);
});
