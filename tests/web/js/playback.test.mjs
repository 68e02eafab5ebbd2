// What a player does when a stream has come to its end. The browser's own HLS stands for hls.js, which needs a browser.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Playback } from '../../../web/js/net/playback.js';
import { playlistOf } from '../../../web/js/net/hls_class.js';

class Video extends EventTarget {
  src = '';
  plays = 0;
  paused = true;

  async play() {
    this.plays += 1;
  }

  load() {}

  /** @param {string} _name */
  removeAttribute(_name) {
    this.src = '';
  }
}

function playing() {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const video = new Video();
  /** @type {string[]} */
  const said = [];
  const playback = new Playback(/** @type {any} */ (video), { renew: async () => {}, onState: (state) => said.push(state) });
  return { video, said, playback };
}

test('a stage is found by its name, whatever signs it has', () => {
  assert.equal(playlistOf('grande-salle'), '/hls/grande-salle/index.m3u8');
  assert.equal(playlistOf('a/b'), '/hls/a%2Fb/index.m3u8');
});

test('a stream that has ended is not played once more, but looked for later on', async () => {
  const { video, said, playback } = playing();
  await playback.load('/hls/hall/index.m3u8', 'auto');
  video.dispatchEvent(new Event('playing'));
  video.dispatchEvent(new Event('ended'));
  assert.equal(said.at(-1), 'over');
  video.src = '';
  mock.timers.tick(15_000);
  await new Promise(setImmediate);
  assert.equal(video.src, '', 'its list can still be read');
  mock.timers.tick(6_000);
  await new Promise(setImmediate);
  assert.equal(video.src, '/hls/hall/index.m3u8');
  assert.equal(said.at(-1), 'over', 'no word of loading what may never come');
  video.dispatchEvent(new Event('playing'));
  assert.equal(said.at(-1), 'playing');
  mock.timers.reset();
});

test('a page without a stage asks for nothing, and shows another stage as a new one', async () => {
  const { video, said, playback } = playing();
  await playback.load('/hls/hall/index.m3u8', 'auto');
  video.dispatchEvent(new Event('ended'));
  playback.unload();
  mock.timers.tick(60_000);
  await new Promise(setImmediate);
  assert.equal(video.src, '');
  await playback.load('/hls/tower/index.m3u8', 'auto');
  assert.deepEqual([video.src, said.at(-1)], ['/hls/tower/index.m3u8', 'loading']);
  mock.timers.reset();
});
