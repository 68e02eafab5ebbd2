// What is done about a stream that plays, stands still, or has a line too thin for its picture.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playIfAllowed } from '../../../web/js/net/autoplay.js';
import { Care } from '../../../web/js/state/care.js';

const LOOK = 500;
const SEEN = { playing: true, waiting: false, picture: true, behind: 1.5, wanted: 1.5, smallest: true, sound: 0 };

/** Looks for `seconds`, as the page does: what it says is what is seen at the next look. */
class Viewer {
  constructor() {
    this.care = new Care();
    this.now = 1_000_000;
    this.position = 0;
    this.waiting = false;
    /** @type {string[]} */
    this.done = [];
  }

  /** @param {number} seconds @param {boolean} moves @param {object} [more] */
  look(seconds, moves, more = {}) {
    for (let n = 0; n < (seconds * 1000) / LOOK; n++) {
      this.now += LOOK;
      if (moves) this.position += LOOK / 1000;
      const { say, act } = this.care.look({ ...SEEN, ...more, now: this.now, position: this.position, waiting: this.waiting });
      if (say) this.waiting = say === 'stalled';
      for (const one of [say, act]) if (one) this.done.push(one);
    }
    return this.done.splice(0);
  }
}

test('a picture that stands still is said to, begun again when nothing comes, and said to play when it moves', () => {
  const viewer = new Viewer();
  viewer.look(5, true);
  assert.deepEqual(viewer.look(10, false), ['stalled']);
  assert.deepEqual(viewer.look(1, true), ['playing']);
  assert.deepEqual(viewer.look(20, false), ['stalled', 'begin']);
});

test('the sound goes on alone when it waits for the picture, and the picture is tried again, later each time', () => {
  const viewer = new Viewer();
  viewer.look(5, true);
  assert.deepEqual(viewer.look(6, false, { sound: 4 }), ['stalled', 'load']);
  assert.ok(viewer.care.spare.on);
  assert.deepEqual(viewer.look(56, true), ['playing']);
  assert.deepEqual(viewer.look(6, true), ['load']);
  assert.ok(!viewer.care.spare.on);
  viewer.look(6, false, { sound: 4 });
  assert.deepEqual(viewer.look(100, true).filter((one) => one === 'load'), [], 'a minute was not enough');
  assert.deepEqual(viewer.look(30, true).filter((one) => one === 'load'), ['load']);
});

test('a line on which the picture stands still again and again is too thin for it', () => {
  const viewer = new Viewer();
  let loads = 0;
  for (let n = 0; n < 4; n++) {
    viewer.look(4, true);
    loads += viewer.look(2, false).filter((one) => one === 'load').length;
  }
  assert.equal(loads, 1);
  const larger = new Viewer();
  for (let n = 0; n < 8; n++) assert.ok(![...larger.look(4, true, { smallest: false }), ...larger.look(2, false, { smallest: false })].includes('load'));
});

test('a line that is away takes the picture from nobody, and whoever has sound alone keeps it', () => {
  const viewer = new Viewer();
  viewer.look(5, true);
  assert.ok(!viewer.look(11, false, { sound: 2 }).includes('load'));
  const listener = new Viewer();
  for (let n = 0; n < 10; n++) assert.ok(![...listener.look(2, true, { picture: false }), ...listener.look(3, false, { picture: false, sound: 9 })].includes('load'));
});

test('a browser that lets no page sound plays silently, one that lets no page play waits for a person', async () => {
  /** @param {(muted: boolean) => boolean} lets */
  const video = (lets) => ({ muted: false, async play() {
    if (!lets(this.muted)) throw new DOMException('', 'NotAllowedError');
  } });
  const [free, silent, shut] = [video(() => true), video((muted) => muted), video(() => false)];
  assert.deepEqual([await playIfAllowed(/** @type {any} */ (free)), free.muted], [true, false]);
  assert.deepEqual([await playIfAllowed(/** @type {any} */ (silent)), silent.muted], [true, true]);
  assert.equal(await playIfAllowed(/** @type {any} */ (shut)), false);
});
