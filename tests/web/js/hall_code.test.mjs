// The code of a hall on its screen: it comes with the session, goes with it, follows a replacement and outlives a line that is down.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HallCode, inTwo } from '../../../web/js/net/hall_code.js';

/** A registration that answers what it is told to, and a clock that is turned by hand. */
function scene() {
  /** @type {string[]} */
  const asked = [];
  /** @type {(() => void)[]} */
  const later = [];
  const told = { code: 'CDFGHJ', down: false, changes: 0 };
  const api = /** @type {any} */ ({
    get: async (/** @type {string} */ path) => {
      asked.push(path);
      if (told.down) throw new TypeError('the line is down');
      return { code: told.code };
    },
  });
  const hall = new HallCode(api, () => { told.changes += 1; }, (fn) => later.push(fn));
  const turn = async () => {
    later.splice(0).forEach((fn) => fn());
    await settled();
  };
  return { asked, told, hall, turn };
}

const settled = () => new Promise((done) => setImmediate(done));

test('nothing is asked for while no session is on', async () => {
  const { asked, hall } = scene();
  hall.follow('tides', 'upcoming');
  hall.follow('', '');
  await settled();
  assert.deepEqual(asked, []);
});

test('the code comes with the session and goes with it', async () => {
  const { asked, told, hall } = scene();
  hall.follow('tides', 'on');
  hall.follow('tides', 'on');
  await settled();
  assert.deepEqual(asked, ['/api/registration/sessions/tides/hall-code']);
  assert.deepEqual([hall.code, told.changes], ['CDFGHJ', 1]);
  hall.follow('tides', 'over');
  assert.equal(hall.code, '');
});

test('another code is shown after the next look, and a line that is down changes nothing', async () => {
  const { told, hall, turn } = scene();
  hall.follow('tides', 'on');
  await settled();
  told.down = true;
  await turn();
  assert.equal(hall.code, 'CDFGHJ');
  Object.assign(told, { down: false, code: 'KMNPQR' });
  await turn();
  assert.deepEqual([hall.code, told.changes], ['KMNPQR', 2]);
});

test('an answer for the session before is not shown for the next one', async () => {
  const { asked, told, hall, turn } = scene();
  hall.follow('tides', 'on');
  told.code = 'KMNPQR';
  hall.follow('nets', 'on');
  await settled();
  assert.equal(hall.code, 'KMNPQR');
  await turn();
  assert.deepEqual(asked.slice(2), ['/api/registration/sessions/nets/hall-code'], 'one follows, not two');
});

test('a code is read in two halves', () => {
  assert.equal(inTwo('CDFGHJ'), 'CDF\u00a0GHJ');
});
