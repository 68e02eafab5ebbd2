// The live feed's client against a hand-moved clock and a hand-fed socket: what it says, when it comes back, what it asks for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Feed } from '../../../web/js/net/feed.js';
import { SessionEnded } from '../../../web/js/net/pass.js';

class Timers {
  now = 0;
  next = 1;
  planned = new Map();

  set = (fn, ms) => {
    this.planned.set(this.next, { at: this.now + ms, fn });
    return this.next++;
  };

  clear = (id) => this.planned.delete(id);

  async pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.planned].filter(([, plan]) => plan.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.planned.delete(due[0]);
      this.now = due[1].at;
      due[1].fn();
      await settle();
    }
    this.now = end;
  }
}

const settle = () => new Promise((done) => setImmediate(done));

function setting(overrides = {}) {
  const timers = new Timers();
  const seen = { sockets: [], frames: [], states: [], renewals: 0 };
  const feed = new Feed({ session: 'table-ronde-1', view: 'public' }, {
    pass: async () => ({ pass: 'p', feed_url: 'ws://feed' }),
    renew: async () => { seen.renewals += 1; },
    socket: (url) => {
      const socket = { url, sent: [], readyState: 0, closed: false, send: (text) => socket.sent.push(JSON.parse(text)), close: () => { socket.closed = true; } };
      seen.sockets.push(socket);
      return socket;
    },
    timers,
    random: () => 0.5,
    onFrame: (frame) => seen.frames.push(frame),
    onConnection: (state, refusal) => seen.states.push(refusal ? `${state}:${refusal.code}` : state),
    ...overrides,
  });
  const last = () => seen.sockets.at(-1);
  return {
    feed, timers, seen, last,
    accept() {
      last().readyState = 1;
      last().onopen();
    },
    say: (frame) => last().onmessage({ data: JSON.stringify(frame) }),
    cut: (code) => last().onclose({ code }),
  };
}

async function live() {
  const world = setting();
  await world.feed.open();
  world.accept();
  world.say({ op: 'welcome', epoch: 'e1', heartbeat: 20 });
  world.say({ op: 'snapshot', epoch: 'e1', seq: 7, state: {} });
  return world;
}

test('it says hello with nothing known, then is live', async () => {
  const { seen, last } = await live();
  assert.deepEqual(last().sent[0], { op: 'hello', v: 1, pass: 'p', session: 'table-ronde-1', view: 'public', epoch: null, seq: null });
  assert.deepEqual(seen.states, ['live']);
  assert.equal(seen.frames.length, 1);
});

test('it resumes after a cut where it stopped', async () => {
  const world = await live();
  world.say({ op: 'event', seq: 9, kind: 'gone', data: { id: 'q' } });
  world.cut(1006);
  assert.equal(world.seen.states.at(-1), 'late');
  await world.timers.pass(8_000);
  world.accept();
  assert.equal(world.last().sent[0].epoch, 'e1');
  assert.equal(world.last().sent[0].seq, 9);
  world.say({ op: 'welcome', epoch: 'e1', heartbeat: 20 });
  assert.equal(world.seen.states.at(-1), 'live');
});

test('an event from before the snapshot is not told, one of the same number is', async () => {
  const world = await live();
  world.say({ op: 'event', seq: 6, kind: 'gone', data: { id: 'q' } });
  world.say({ op: 'event', seq: 7, kind: 'mine', data: { id: 'q' } });
  world.say({ op: 'event', seq: 8, kind: 'gone', data: { id: 'q' } });
  assert.deepEqual(world.seen.frames.map((frame) => frame.seq), [7, 7, 8]);
});

test('it answers a ping', async () => {
  const world = await live();
  world.say({ op: 'ping' });
  assert.deepEqual(world.last().sent.at(-1), { op: 'pong' });
});

test('silence is late first, then a new connection', async () => {
  const world = await live();
  await world.timers.pass(31_000);
  assert.equal(world.seen.states.at(-1), 'late');
  assert.equal(world.seen.sockets.length, 1);
  await world.timers.pass(24_000);
  assert.equal(world.seen.sockets[0].closed, true);
  assert.ok(world.seen.sockets.length >= 2);
});

test('a frame after silence makes the connection live again', async () => {
  const world = await live();
  await world.timers.pass(31_000);
  world.say({ op: 'ping' });
  assert.equal(world.seen.states.at(-1), 'live');
});

test('a connection that stays lost is offline, and waits grow between half a second and eight', async () => {
  const world = await live();
  const starts = [];
  for (let n = 0; n < 7; n++) {
    world.cut(1006);
    const from = world.timers.now;
    const before = world.seen.sockets.length;
    while (world.seen.sockets.length === before) await world.timers.pass(100);
    starts.push(world.timers.now - from);
  }
  assert.equal(world.seen.states.at(-1), 'offline');
  assert.ok(starts[0] >= 500 && starts[0] <= 1_100, String(starts));
  assert.ok(starts.every((wait) => wait <= 8_100), String(starts));
  assert.ok(starts.at(-1) > starts[0]);
});

test('after a bye it comes back no sooner than it was told', async () => {
  const world = await live();
  world.say({ op: 'bye', code: 'feed.restart', retry_after_ms: 3_000 });
  world.cut(1012);
  await world.timers.pass(3_400);
  assert.equal(world.seen.sockets.length, 1);
  await world.timers.pass(8_000);
  assert.ok(world.seen.sockets.length >= 2);
});

test('a pass that ended is renewed once, then the refusal is told with its words', async () => {
  const world = await live();
  for (let n = 0; n < 3; n++) {
    if (n > 0) world.accept();
    world.say({ op: 'error', code: 'pass.expired', sentences: { fr: 'Fini' } });
    world.cut(4401);
    await settle();
  }
  assert.equal(world.seen.renewals, 2);
  assert.equal(world.seen.states.at(-1), 'refused:pass.expired');
});

test('a denial is final: no coming back by itself', async () => {
  const world = await live();
  world.say({ op: 'error', code: 'access.denied', sentences: {} });
  world.cut(4403);
  await world.timers.pass(60_000);
  assert.equal(world.seen.sockets.length, 1);
  assert.equal(world.seen.states.at(-1), 'refused:access.denied');
});

test('without a session it is refused, without a network it tries again', async () => {
  const ended = setting({ pass: async () => { throw new SessionEnded(); } });
  await ended.feed.open();
  assert.equal(ended.seen.states.at(-1), 'refused:session.ended');
  let calls = 0;
  const cut = setting({ pass: async () => { calls += 1; throw new TypeError('network'); } });
  await cut.feed.open();
  await cut.timers.pass(20_000);
  assert.equal(cut.seen.states.at(-1), 'offline');
  assert.ok(calls > 2);
});

test('a connection that never opens is given up', async () => {
  const world = setting();
  await world.feed.open();
  await world.timers.pass(11_000);
  assert.equal(world.seen.sockets[0].closed, true);
});

test('a new pass is handed over on the open connection', async () => {
  const world = await live();
  world.feed.renewed('p2');
  assert.deepEqual(world.last().sent.at(-1), { op: 'renew', pass: 'p2' });
});

test('once stopped, nothing is planned', async () => {
  const world = await live();
  world.feed.stop();
  assert.equal(world.timers.planned.size, 0);
  assert.equal(world.last().closed, true);
});
