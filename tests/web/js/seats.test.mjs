// Seats at the table as pages list them, and how a line is called.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected, listed, onAir, pictured, quality, secondsLeft, signers, speakers, standing } from '../../../web/js/state/seats.js';
import { told } from '../../../web/js/net/signalling.js';

const seat = (id, state, since = '2026-11-30T10:00:00.000Z') => ({ id, state, since, expires_at: '2026-11-30T10:02:00.000Z', voice_only: false, no_picture: false });
const all = (...seats) => Object.fromEntries(seats.map((one) => [one.id, one]));

test('whoever asks for a decision comes first, and whoever went is not listed', () => {
  const seats = all(seat('a', 'invited'), seat('b', 'ready'), seat('c', 'left'), seat('d', 'on_air'), seat('e', 'expired'), seat('f', 'removed'), seat('g', 'declined'));
  assert.deepEqual(listed(seats).map(({ id }) => id), ['d', 'b', 'a', 'e']);
  assert.deepEqual(listed(undefined), []);
});

test('those on air stand in the order in which they came', () => {
  const seats = all(seat('b', 'on_air', '2026-11-30T10:05:00.000Z'), seat('a', 'on_air', '2026-11-30T10:01:00.000Z'), seat('c', 'ready'));
  assert.deepEqual(onAir(seats).map(({ id }) => id), ['a', 'b']);
});

test('interpreters are none of those who speak', () => {
  const seats = all({ ...seat('a', 'on_air'), kind: 'guest' }, { ...seat('d', 'on_air'), kind: 'speaker' }, { ...seat('e', 'on_air'), kind: 'voice_interpreter' }, { ...seat('b', 'on_air'), kind: 'signer' }, { ...seat('c', 'ready'), kind: 'signer' });
  assert.deepEqual(speakers(seats).map(({ id }) => id), ['a', 'd']);
  assert.deepEqual(signers(seats).map(({ id }) => id), ['b']);
});

test('an invitation is standing and not connected, and counts down to nothing', () => {
  const one = seat('a', 'invited');
  assert.ok(standing(one) && !connected(one));
  assert.equal(secondsLeft(one, Date.parse('2026-11-30T10:01:30.500Z')), 30);
  assert.equal(secondsLeft(one, Date.parse('2026-11-30T11:00:00.000Z')), 0);
});

test('nobody who came by voice or refused pictures is shown', () => {
  assert.ok(pictured({ voice_only: false, no_picture: false }));
  assert.ok(!pictured({ voice_only: true, no_picture: false }));
  assert.ok(!pictured({ voice_only: false, no_picture: true }));
});

test('a line that loses is thin, one that is late is slow', () => {
  assert.equal(quality({ roundTrip: 40, lost: 0 }), 'good');
  assert.equal(quality({ roundTrip: 900, lost: 0 }), 'slow');
  assert.equal(quality({ roundTrip: 40, lost: 0.2 }), 'thin');
});

test('what is no signal is none', () => {
  assert.deepEqual(told({ kind: 'offer', data: '{"call":"x","client":"y","body":"sdp"}' }), { kind: 'offer', call: 'x', client: 'y', body: 'sdp' });
  assert.equal(told({ kind: 'offer', data: 'no json' }), null);
  assert.equal(told({ kind: 'offer', data: 'null' }), null);
});
