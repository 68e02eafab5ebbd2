// Words in the browser: plural forms, numbers and French spaces as on the server (tests/web/test_i18n.py compares the two).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, clock, dayOf, dayWords, hour, hourHere, setCatalogue, setZone, t, tn, typeset } from '../../../web/js/i18n.js';

const POLISH = { 'seats.one': '{n} miejsce', 'seats.few': '{n} miejsca', 'seats.many': '{n} miejsc', 'seats.other': '{n} miejsca' };

test('a number takes the plural form of the language', () => {
  setCatalogue('pl', POLISH);
  assert.deepEqual([1, 2, 5, 22].map((n) => tn('seats', n)), ['1 miejsce', '2 miejsca', '5 miejsc', '22 miejsca']);
});

test('zero has its own words where the language gives some, and a missing form falls back to other', () => {
  setCatalogue('fr', { 'seats.zero': 'aucune place', 'seats.other': '{n} places', 'chairs.other': '{n} chaises' });
  assert.equal(tn('seats', 0), 'aucune place');
  assert.equal(tn('chairs', 1), '1 chaises');
});

test('numbers are written as the language writes them', () => {
  setCatalogue('fr', { size: '{n} octets' });
  assert.equal(t('size', { n: 700_000 }), '700\u202f000 octets');
});

test('French signs keep their no-break spaces, other languages stay as they are', () => {
  assert.equal(typeset("« Qui ? » : l'heure", 'fr'), '«\u00a0Qui\u202f?\u00a0»\u00a0: l’heure');
  assert.equal(typeset("Who? It's me : ok", 'en'), "Who? It's me : ok");
});

test('hours are on the clock of 24 hours in every language', () => {
  for (const code of ['fr', 'en']) {
    setCatalogue(code, { 'time.hour': '{h} h {m}' });
    assert.match(clock('2021-06-03T14:05:00+02:00'), /^(1?[0-9]|2[0-3]) h \d5$/);
  }
});

const HOURS = { 'time.hour': '{h}h{m}', 'time.here': '({time} ici)', 'time.day': '{weekday} {day} {month}', 'time.day.first': '{weekday} {day}er {month}' };

test('an hour of the programme is that of its place, and that of the reader is said where it differs', () => {
  setCatalogue('fr', HOURS);
  setZone('America/Martinique');
  assert.equal(hour('2026-11-23T13:05:00Z'), '9h05');
  setZone(Intl.DateTimeFormat().resolvedOptions().timeZone);
  assert.equal(hourHere('2026-11-23T13:05:00Z'), '');
  setZone('Asia/Kathmandu');
  assert.match(hourHere('2026-11-23T13:05:00Z'), /^\(\d+h\d5 ici\)$/);
  setZone('');
  assert.equal(hourHere('2026-11-23T13:05:00Z'), '');
});

test('a day is that of the place, in words as the programme writes it', () => {
  setCatalogue('fr', HOURS);
  setZone('Pacific/Auckland');
  assert.equal(dayOf('2026-11-30T12:00:00Z'), '2026-12-01');
  assert.equal(dayWords('2026-11-30T12:00:00Z'), 'mardi 1er décembre');
  setZone('America/Martinique');
  assert.equal(dayWords('2026-11-30T12:00:00Z'), 'lundi 30 novembre');
  setZone('');
});

test('a sentence with an hour names the day where it is not today', () => {
  setCatalogue('fr', { ...HOURS, next: 'à {time}', 'next.day': '{day} à {time}' });
  setZone('Europe/Paris');
  assert.equal(at('next', '2026-11-23T13:05:00Z', Date.parse('2026-11-23T08:00:00Z')), 'à 14h05');
  assert.equal(at('next', '2026-11-23T13:05:00Z', Date.parse('2026-11-22T08:00:00Z')), 'lundi 23 novembre à 14h05');
  setZone('');
});
