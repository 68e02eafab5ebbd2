// The reader's own hours, and how often an open page asks what is on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MomentWatch } from '../../../web/js/net/moment.js';
import { ownHour } from '../../../web/js/ui/hours.js';

const FRENCH = { zone: 'America/Martinique', hour: "H'h'mm", same: '{hour} chez vous', other: '{day} {hour} chez vous' };
const ENGLISH = { zone: 'Pacific/Auckland', hour: 'H:mm', same: '{hour} for you', other: '{day} {hour} for you' };

test('another clock is told in the words and the pattern of the page', () => {
  assert.equal(ownHour('2025-06-12T12:00:00.000Z', FRENCH, 'Europe/Paris', 'fr'), '14h00 chez vous');
  assert.equal(ownHour('2025-07-31T21:05:00.000Z', ENGLISH, 'Europe/London', 'en'), 'Thu 22:05 for you');
});

test('the same clock under another name adds nothing', () => {
  assert.equal(ownHour('2025-06-12T12:00:00.000Z', FRENCH, 'America/Puerto_Rico', 'fr'), '');
  assert.equal(ownHour('2025-06-12T12:00:00.000Z', { ...FRENCH, zone: 'Europe/Berlin' }, 'Europe/Paris', 'fr'), '');
});

test('an hour that is no instant is left alone', () => {
  assert.equal(ownHour('08:45', FRENCH, 'Europe/Paris', 'fr'), '');
  assert.equal(ownHour('soonTish', FRENCH, 'Europe/Paris', 'fr'), '');
});

/** A page with a clock of its own: `tick` runs what was set last. */
function page(answers) {
  const seen = { waits: [], asked: 0, changed: 0, hidden: false, run: null, fail: false };
  const watch = new MomentWatch({
    fetch: async () => {
      seen.asked += 1;
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === null) throw new TypeError('no network');
      return { ok: true, json: async () => answer };
    },
    set: (run, ms) => {
      seen.waits.push(ms);
      seen.run = run;
      return seen.waits.length;
    },
    clear: () => undefined,
    random: () => 0.5,
    hidden: () => seen.hidden,
    changed: async () => {
      if (seen.fail) throw new Error('not now');
      seen.changed += 1;
    },
  });
  const tick = async () => {
    seen.run();
    await new Promise((done) => setTimeout(done, 0));
  };
  watch.start();
  return { seen, tick, watch };
}

test('it asks every twenty seconds and a little, and tells of changes only', async () => {
  const { seen, tick } = page([{ at: '1', now: ['a'] }, { at: '2', now: ['a'] }, { at: '3', now: ['b'] }]);
  await tick();
  await tick();
  await tick();
  assert.deepEqual([seen.asked, seen.changed], [3, 2]);
  assert.deepEqual(seen.waits, [22_500, 22_500, 22_500, 22_500]);
});

test('lost networks are asked more and more rarely, within a bound', async () => {
  const { seen, tick } = page([null]);
  for (let i = 0; i < 8; i++) await tick();
  assert.deepEqual(seen.waits.slice(0, 4), [22_500, 42_500, 82_500, 162_500]);
  assert.equal(Math.max(...seen.waits), 302_500);
});

test('a change that could not be shown is told again', async () => {
  const { seen, tick } = page([{ now: ['a'] }]);
  seen.fail = true;
  await tick();
  seen.fail = false;
  await tick();
  assert.equal(seen.changed, 1);
});

test('nobody looks: nobody asks; somebody looks again: at once', async () => {
  const { seen, tick, watch } = page([{ now: [] }]);
  seen.hidden = true;
  watch.turn();
  await tick();
  assert.equal(seen.asked, 0);
  seen.hidden = false;
  watch.turn();
  assert.equal(seen.waits.at(-1), 2_500);
  await tick();
  assert.equal(seen.asked, 1);
});
