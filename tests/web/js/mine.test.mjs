// What became of one's own question, in words: each state, in each language, says something of its own and leaves no hole.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { setCatalogue } from '../../../web/js/i18n.js';
import { COLUMN_OF } from '../../../web/js/state/tables.js';
import { short, standing, told } from '../../../web/js/ui/mine_words.js';

const LOCALES = new URL('../../../web/locales/', import.meta.url);
const item = (status, more = {}) => ({ id: 'q', status, votes: 3, reason: '', note: '', cued_at: null, answer: '', owner: 'Léa', due: '2026-12-04', appealed: false, follows: null, ...more });
const STANDINGS = [
  ...Object.keys(COLUMN_OF).filter((status) => status !== 'erased').map((status) => item(status)), item('published', { cued_at: '2026-11-23T10:00:00Z' }), item('queued', { appealed: true }),
  item('answered', { answer: 'En mars.' }), item('declined', { reason: 'off_topic' }), item('declined', { reason: 'off_topic', appealed: true }), item('published', { appealed: true }),
];

test('every standing of a question has its sentence and its word, in each language, and no two are the same', () => {
  for (const lang of readdirSync(LOCALES)) {
    setCatalogue(lang, JSON.parse(readFileSync(new URL(`${lang}/live.json`, LOCALES), 'utf8')));
    const sentences = STANDINGS.map(standing);
    assert.equal(new Set(sentences).size, STANDINGS.length, lang);
    for (const words of [...sentences, ...STANDINGS.map(short)]) assert.doesNotMatch(words, /^mine\.|[{}]|undefined/, `${lang}: ${words}`);
    assert.match(standing(item('deferred')), /Léa.*4/u, 'by whom and until which day, whatever the zone of the reader');
  }
});

test('a reason of the organiser is told in the language of the page, else in the first there is', () => {
  setCatalogue('en', { 'mine.declined': 'No', 'mine.declined.why': 'No: {why}' });
  assert.equal(standing(item('declined', { reason: 'x', why: { fr: 'Trop tard', en: 'Too late' } })), 'No: Too late');
  assert.equal(standing(item('declined', { reason: 'x', why: { fr: "L'heure : passée", de: 'Zu spät' } })), 'No: L’heure\u00a0: passée');
  assert.equal(standing(item('declined', { reason: 'x', why: {} })), 'No', 'a reason that nobody has words for');
});

test('what its author has not heard yet is news; votes and wording are none', () => {
  const changes = [{ cued_at: 'now' }, { status: 'on_stage' }, { answer: 'Yes' }, { due: '2026-12-05' }, { follows: { status: 'answered', answer: '' } }];
  for (const change of changes) assert.notEqual(told(item('published', change)), told(item('published')), JSON.stringify(change));
  assert.equal(told(item('published', { votes: 9, text: 'other words' })), told(item('published')));
});
