// What the page of a camera says of devices and of its line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choices, deviceTrouble, line } from '../../../web/js/state/camera.js';

const before = { bytes: 0, frames: 0, at: 0, limited: 'none' };

test('a line is measured between two looks', () => {
  assert.equal(line(null, before, true).word, 'measuring');
  assert.deepEqual(line(before, { bytes: 250_000, frames: 60, at: 2000, limited: 'none' }, true), { kbits: 1000, fps: 30, word: 'good' });
});

test('a still picture needs little and is no thin line', () => {
  assert.equal(line(before, { bytes: 20_000, frames: 60, at: 2000, limited: 'none' }, true).word, 'good');
});

test('it is thin when the browser says so or pictures stutter, and busy when the device is', () => {
  assert.equal(line(before, { bytes: 250_000, frames: 60, at: 2000, limited: 'bandwidth' }, true).word, 'thin');
  assert.equal(line(before, { bytes: 250_000, frames: 10, at: 2000, limited: 'none' }, true).word, 'thin');
  assert.equal(line(before, { bytes: 250_000, frames: 60, at: 2000, limited: 'cpu' }, true).word, 'busy');
  assert.equal(line(before, { bytes: 8_000, frames: 0, at: 2000, limited: '' }, false).word, 'good');
});

test('counts that begin anew are never below zero', () => {
  assert.deepEqual(line({ bytes: 9e6, frames: 900, at: 0, limited: '' }, { bytes: 100, frames: 1, at: 2000, limited: '' }, false), { kbits: 0, fps: 0, word: 'good' });
});

test('devices without permission have a number for a name', () => {
  const devices = [{ deviceId: 'a', kind: 'videoinput', label: '' }, { deviceId: '', kind: 'videoinput', label: '' }, { deviceId: 'b', kind: 'audioinput', label: 'Desk' }];
  assert.deepEqual(choices(devices, 'videoinput', (n) => `Camera ${n}`), [{ id: 'a', name: 'Camera 1' }]);
  assert.deepEqual(choices(devices, 'audioinput', (n) => `Microphone ${n}`), [{ id: 'b', name: 'Desk' }]);
});

test('every trouble of a device has its words', () => {
  for (const name of ['NotAllowedError', 'NotFoundError', 'OverconstrainedError', 'NotReadableError', 'AbortError', 'TypeError']) assert.match(deviceTrouble(name), /^camera\.device\.(denied|none|busy|other)$/);
});
