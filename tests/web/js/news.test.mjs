// The sound of new questions: silent until it is asked for, remembered by the browser, never twice in a breath.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setCatalogue } from '../../../web/js/i18n.js';
import { DeskNews } from '../../../web/js/ui/desk_news.js';

setCatalogue('en', { 'page.news': '({n}) {name}' });

let heard = 0;

class Speaker {
  state = 'running';
  currentTime = 0;
  destination = {};

  createOscillator() {
    return { frequency: {}, connect: (to) => to, start: () => { heard += 1; }, stop() {} };
  }

  createGain() {
    return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect() {} };
  }
}

const waiting = (...ids) => ids.map((id) => ({ id, status: 'queued' }));

beforeEach(() => {
  heard = 0;
  const kept = new Map();
  globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  globalThis.document = { hidden: false, title: 'Desk', addEventListener() {} };
  globalThis.AudioContext = Speaker;
});

test('nothing sounds until the sound is switched on', () => {
  const news = new DeskNews();
  assert.equal(news.sounding, false);
  news.look(waiting('a'));
  news.look(waiting('a', 'b'));
  assert.equal(heard, 0);
});

test('switched on it is heard at once, and remembered by the next page', () => {
  new DeskNews().toggle();
  assert.equal(heard, 1);
  const later = new DeskNews();
  assert.equal(later.sounding, true);
  later.look(waiting('a'));
  assert.equal(heard, 1, 'what waited before the page was opened is no news');
  later.look(waiting('a', 'b'));
  assert.equal(heard, 2);
});

test('a rush of questions sounds once, and again after a while', (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  const news = new DeskNews();
  news.toggle();
  news.look(waiting());
  news.look(waiting('a'));
  news.look(waiting('a', 'b'));
  assert.equal(heard, 1);
  context.mock.timers.tick(3_001);
  news.look(waiting('a', 'b', 'c'));
  assert.equal(heard, 2);
  context.mock.timers.tick(3_001);
  news.look(waiting('c'));
  assert.equal(heard, 2, 'those that go are no news');
});

test('switched off it is silent, on the next page as well', () => {
  const news = new DeskNews();
  news.toggle();
  news.toggle();
  assert.equal(heard, 1);
  const later = new DeskNews();
  assert.equal(later.sounding, false);
  later.look(waiting());
  later.look(waiting('a'));
  assert.equal(heard, 1);
});

test('the title counts those that wait since nobody looks, and those that wait when they look again are seen', () => {
  const news = new DeskNews();
  news.look(waiting('a'));
  document.hidden = true;
  news.look(waiting('a'));
  news.look(waiting('a', 'b', 'c'));
  assert.equal(document.title, '(2) Desk');
  document.hidden = false;
  news.look(waiting('a', 'b', 'c'));
  assert.equal(document.title, 'Desk');
});

test('where nothing can be kept the desk works all the same', () => {
  globalThis.localStorage = { getItem() { throw new Error('forbidden'); }, setItem() { throw new Error('forbidden'); } };
  const news = new DeskNews();
  assert.equal(news.sounding, false);
  news.toggle();
  news.look(waiting('a'));
});
