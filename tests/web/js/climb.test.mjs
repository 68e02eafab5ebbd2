// A picture that became small on a bad line becomes large again when the line is good, also where it is still and few bytes come for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Climb } from '../../../web/js/state/climb.js';

const RATES = [672_000, 2_572_000];
const PART = 0.5;

/** Plays for `seconds` on a line of `line` bit/s a picture that needs `needs` bit/s at each size; the size it came to. */
function play(climb, { seconds, line, needs, from = 0, rates = RATES }) {
  let level = climb.floor;
  for (let n = 0; n < seconds / PART; n++) {
    climb.came(level, (needs[level] * PART) / line, PART);
    level = climb.step(from + n * PART * 1000, rates);
  }
  return level;
}

test('a still picture on a good line becomes large within seconds, whatever few bytes say of the line', () => {
  assert.equal(play(new Climb(), { seconds: 5, line: 20e6, needs: [60e3, 120e3] }), 1);
});

test('after a stall it climbs again within 20 s', () => {
  const climb = new Climb();
  play(climb, { seconds: 10, line: 20e6, needs: [600e3, 2.4e6] });
  climb.stalled(10_000);
  assert.equal(climb.floor, 0);
  assert.equal(play(climb, { seconds: 20, line: 20e6, needs: [600e3, 2.4e6], from: 10_000 }), 1);
});

test('a line that has no room for the larger picture is not tried', () => {
  assert.equal(play(new Climb(), { seconds: 120, line: 1.2e6, needs: [600e3, 2.4e6] }), 0);
});

test('a picture that began to move and no longer comes in its time becomes small again', () => {
  const climb = new Climb();
  assert.equal(play(climb, { seconds: 10, line: 2e6, needs: [60e3, 120e3] }), 1);
  assert.equal(play(climb, { seconds: 8, line: 2e6, needs: [600e3, 2.4e6], from: 10_000 }), 0);
});

test('stalls one after the other are followed by longer and longer rests', () => {
  const climb = new Climb();
  let now = 0;
  const waits = [];
  for (let n = 0; n < 5; n++) {
    const since = now;
    while (play(climb, { seconds: PART, line: 20e6, needs: [60e3, 120e3], from: now }) === 0) now += PART * 1000;
    waits.push(now - since);
    climb.stalled(now);
  }
  for (let n = 2; n < 5; n++) assert.ok(waits[n] > waits[n - 1], `${waits}`);
});

test('a page that allows no larger picture gets none', () => {
  assert.equal(play(new Climb(), { seconds: 20, line: 20e6, needs: [60e3, 120e3], rates: RATES.slice(0, 1) }), 0);
  const climb = new Climb();
  play(climb, { seconds: 10, line: 20e6, needs: [60e3, 120e3] });
  assert.equal(climb.step(11_000, RATES.slice(0, 1)), 0, 'the window has become small');
});
