// The delay behind the source comes back after every interruption, and the room a stall asked for is given back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FASTER, Pace } from '../../../web/js/state/pace.js';

const WANTED = 1.5;
const LOOK = 500;

/** Plays for `seconds` from `behind`; what the speed gains is gained. @returns {{behind: number, jumps: number, took: number|null}} */
function play(pace, behind, seconds, from = 0) {
  let jumps = 0;
  let took = null;
  for (let now = from; now < from + seconds * 1000; now += LOOK) {
    const step = pace.step(behind, WANTED, now);
    if (step.jump) {
      jumps += 1;
      behind = pace.target(WANTED);
    }
    behind -= (step.rate - 1) * (LOOK / 1000);
    if (took === null && behind - WANTED <= 1) took = (now - from) / 1000;
  }
  return { behind, jumps, took };
}

test('any delay is back within a second of what is wanted in 20 s, by speed or by one jump', () => {
  for (let behind = 0.5; behind < 60; behind += 0.25) {
    const { behind: after, jumps, took } = play(new Pace(), behind, 30);
    assert.ok(took !== null && took <= 20, `${behind} s: ${took}`);
    assert.ok(jumps <= 1);
    assert.ok(Math.abs(after - WANTED) <= Math.max(1, WANTED - behind), `${behind} → ${after}`);
  }
});

test('a little late is played a little faster, without a jump, and no longer than it takes', () => {
  const pace = new Pace();
  assert.deepEqual(pace.step(WANTED + 0.5, WANTED, 0), { rate: FASTER, jump: false });
  assert.deepEqual(pace.step(WANTED + 0.2, WANTED, LOOK), { rate: FASTER, jump: false });
  assert.deepEqual(pace.step(WANTED + 0.05, WANTED, 2 * LOOK), { rate: 1, jump: false });
  assert.deepEqual(pace.step(WANTED + 0.3, WANTED, 3 * LOOK), { rate: 1, jump: false });
});

test('one wrong estimate makes nobody jump', () => {
  const pace = new Pace();
  assert.equal(pace.step(30, WANTED, 0).jump, false);
  assert.equal(pace.step(WANTED, WANTED, LOOK).jump, false);
  assert.equal(pace.step(30, WANTED, 2 * LOOK).jump, false);
});

test('stalls give more room, within bounds, and calm takes it back', () => {
  const pace = new Pace();
  for (let n = 0; n < 20; n++) pace.stalled(n * 1000);
  assert.equal(pace.target(WANTED), WANTED + 3);
  assert.equal(pace.step(WANTED + 3, WANTED, 20_000).rate, 1);
  for (let now = 20_000; now < 200_000; now += LOOK) pace.step(pace.target(WANTED), WANTED, now);
  assert.equal(pace.target(WANTED), WANTED);
});
