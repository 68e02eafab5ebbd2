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
  const seen = { waits: [], asked: 0, changed: 0, hidden: false, run: null, fail: false, clock: 0, waited: 0, paths: [] };
  const watch = new MomentWatch({
    fetch: async (path) => {
      seen.asked += 1;
      seen.paths.push(path);
      seen.clock += seen.waited;
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
    clock: () => seen.clock,
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

test('it waits at the service for a change, and tells of changes only', async () => {
  const { seen, tick } = page([{ as_of: 'a', programme: 1 }, { as_of: 'a', programme: 1 }, { as_of: 'b', programme: 1 }]);
  await tick();
  seen.waited = 20_000;
  await tick();
  await tick();
  assert.deepEqual([seen.asked, seen.changed], [3, 2]);
  assert.deepEqual(seen.paths, ['/api/registration/now', '/api/registration/now?since=a', '/api/registration/now?since=a']);
  assert.deepEqual(seen.waits, [300, 300, 300, 300]);
});

test('where it may not wait it asks every twenty seconds', async () => {
  const { seen, tick } = page([{ as_of: 'a', programme: 1 }]);
  await tick();
  await tick();
  await tick();
  assert.deepEqual(seen.waits, [300, 300, 20_300, 20_300]);
});

test('lost networks are asked more and more rarely, within a bound', async () => {
  const { seen, tick } = page([null]);
  for (let i = 0; i < 8; i++) await tick();
  assert.deepEqual(seen.waits.slice(0, 4), [300, 40_300, 80_300, 160_300]);
  assert.equal(Math.max(...seen.waits), 300_300);
});

test('a change that could not be shown is told again', async () => {
  const { seen, tick } = page([{ as_of: 'a', programme: 1 }]);
  seen.fail = true;
  await tick();
  seen.fail = false;
  await tick();
  assert.equal(seen.changed, 1);
});

test('nobody looks: nobody asks; somebody looks again: at once', async () => {
  const { seen, tick, watch } = page([{ as_of: 'a', programme: 1 }]);
  seen.hidden = true;
  watch.turn();
  await tick();
  assert.equal(seen.asked, 0);
  seen.hidden = false;
  watch.turn();
  assert.equal(seen.waits.at(-1), 300);
  await tick();
  assert.equal(seen.asked, 1);
});
