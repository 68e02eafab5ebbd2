// What a hall did while the line was down is there after a reload, leaves once, in order, and comes back with its words where it is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutboxSender, pauseAfter } from '../../../web/js/net/outbox_sender.js';
import { SessionEnded } from '../../../web/js/net/pass.js';
import { Problem, Unreachable } from '../../../web/js/net/problem.js';
import { MOST, Outbox, SETTLES } from '../../../web/js/state/outbox.js';

/** A device: what it keeps, its clock, and the outboxes of its pages. */
function device({ skew = 0, forbidden = false } = {}) {
  const kept = new Map();
  const clock = { now: 1_000_000 };
  let n = 0;
  const drawer = {
    get length() { return kept.size; },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => { if (forbidden) throw new Error('forbidden'); kept.set(key, value); },
    removeItem: (key) => kept.delete(key),
  };
  return { kept, clock, open: (owner = 'host') => new Outbox(drawer, owner, { now: () => clock.now, skew: () => skew, mark: () => `m${++n}` }) };
}

const ask = (id, more = {}) => ({ kind: 'ask', session: 's', id, text: `Question ${id}`, name: '', language: 'fr', ...more });
const count = (question, hands) => ({ kind: 'count', session: 's', question, hands });
const texts = (outbox) => outbox.all().map(({ deed }) => deed.id ?? `${deed.question}=${deed.hands}`);

test('a reload finds everything again, in the order in which it was done', () => {
  const { open } = device();
  const outbox = open();
  for (const deed of [ask('a'), count('q', 3), ask('b')]) assert.ok(outbox.put(deed));
  assert.deepEqual(texts(open()), ['a', 'q=3', 'b']);
});

test('of counts of the same thing the last one stays, at its own place in the order', () => {
  const { open } = device();
  const outbox = open();
  for (const deed of [count('q', 3), ask('a'), count('q', 4), count('r', 1)]) outbox.put(deed);
  assert.deepEqual(texts(outbox), ['a', 'q=4', 'r=1']);
});

test('two pages of one host add to the same outbox and take nothing from each other', () => {
  const { open } = device();
  const [one, other] = [open(), open()];
  one.put(ask('a'));
  other.put(ask('b'));
  one.put(ask('c'));
  assert.deepEqual(texts(one), ['a', 'b', 'c']);
  assert.deepEqual(texts(open('somebody else')), []);
});

test('the order is kept though the clock of the device is put back', () => {
  const { open, clock } = device();
  open().put(ask('a'));
  clock.now -= 500_000;
  open().put(ask('b'));
  assert.deepEqual(texts(open()), ['a', 'b']);
});

test('a question has the time at which it was written by the clock of the platform, also when it is tried again', () => {
  const { open, clock } = device({ skew: -60_000 });
  const outbox = open();
  outbox.put(ask('a'));
  clock.now += 200_000;
  outbox.refuse(outbox.all()[0].key, 'Fermé.');
  assert.deepEqual([outbox.waiting().length, outbox.refused()[0].refused, open().refused()[0].deed.text], [0, 'Fermé.', 'Question a']);
  outbox.again(outbox.refused()[0].key);
  assert.deepEqual(outbox.waiting().map(({ at, refused }) => [at, refused]), [[940_000, '']]);
  assert.equal(outbox.refused().length, 0);
});

test('it is bounded, and says so; a newer count of the same thing has always room', () => {
  const { open } = device();
  const outbox = open();
  for (let n = 0; n < MOST; n += 1) assert.ok(outbox.put(count(`q${n}`, 1)));
  assert.equal(outbox.put(ask('a')), false);
  assert.ok(outbox.put(count('q0', 2)));
  assert.equal(outbox.all().length, MOST);
});

test('where the browser keeps nothing it lives as long as the page, which is told', () => {
  const { open } = device({ forbidden: true });
  const outbox = open();
  outbox.put(ask('a'));
  outbox.put(count('q', 1));
  assert.deepEqual([texts(outbox), outbox.fragile], [['a', 'q=1'], true]);
  outbox.refuse(outbox.all()[0].key, 'Non.');
  outbox.done(outbox.all()[1].key);
  assert.deepEqual(outbox.all().map(({ refused }) => refused), ['Non.']);
});

test('what others keep on the device, or a broken record, is not its business', () => {
  const { open, kept } = device();
  kept.set('tablee.outbox.host.x', '{"key":1}');
  kept.set('tablee.outbox.host.y', 'no json');
  kept.set('tablee.draft.s', '{}');
  assert.deepEqual(open().all(), []);
});

// --- sending ---------------------------------------------------------------------------------------------------------------------------
/** A platform behind a line that fails as told; takes each question once by its id. */
function sending(outbox, clock, answers = []) {
  const taken = [];
  const timers = [];
  let seen = 0;
  const sender = new OutboxSender({
    outbox,
    send: async (entry) => {
      seen += 1;
      const failure = answers.shift();
      if (failure === 'lost') taken.push(entry.deed); // done, but its answer never came
      if (failure) throw failure === 'lost' ? new Unreachable() : failure;
      taken.push(entry.deed);
    },
    why: (failure) => failure.message,
    changed: () => {},
    alone: (work) => work(),
    timers: { set: (fn, ms) => timers.push({ fn, ms }), clear: () => timers.splice(0) },
    random: () => 0,
  });
  return { sender, taken, timers, seen: () => seen, async pass() { const { fn, ms } = timers.shift(); clock.now += ms; await fn(); } };
}

const names = (taken) => taken.map((deed) => deed.id ?? deed.question);

test('everything leaves in order, and nothing is left', async () => {
  const { open, clock } = device();
  const outbox = open();
  for (const deed of [ask('a'), ask('b'), count('q', 2)]) outbox.put(deed);
  clock.now += SETTLES;
  const { sender, taken } = sending(outbox, clock);
  await sender.wake();
  assert.deepEqual(names(taken), ['a', 'b', 'q']);
  assert.equal(open().all().length, 0);
});

test('while the line is down nothing is lost and nothing overtakes; then all of it leaves', async () => {
  const { open, clock } = device();
  const outbox = open();
  outbox.put(ask('a'));
  outbox.put(ask('b'));
  const line = sending(outbox, clock, [new Unreachable(), new Unreachable(), new Problem({ status: 503 })]);
  await line.sender.wake();
  assert.deepEqual([names(line.taken), open().all().length], [[], 2]);
  await line.pass();
  await line.pass();
  assert.deepEqual(names(line.taken), []);
  await line.pass();
  assert.deepEqual(names(line.taken), ['a', 'b']);
});

test('an answer that was lost is asked for again with the same id', async () => {
  const { open, clock } = device();
  const outbox = open();
  outbox.put(ask('a'));
  const line = sending(outbox, clock, ['lost']);
  await line.sender.wake();
  await line.pass();
  assert.deepEqual(names(line.taken), ['a', 'a']);
  assert.deepEqual(line.taken[0], line.taken[1]);
});

test('one question at a time is waited for as long as the platform says', async () => {
  const { open, clock } = device();
  const outbox = open();
  outbox.put(ask('a'));
  const line = sending(outbox, clock, [new Problem({ status: 429, code: 'qa.too_fast', retry_after: 7 })]);
  await line.sender.wake();
  assert.equal(line.timers[0].ms, 7_000);
  await line.pass();
  assert.deepEqual(names(line.taken), ['a']);
});

test('what is refused stays with its words and holds up nothing behind it', async () => {
  const { open, clock } = device();
  const outbox = open();
  outbox.put(ask('a'));
  outbox.put(ask('b'));
  const line = sending(outbox, clock, [new Problem({ status: 409, detail: 'Les questions sont fermées.' })]);
  await line.sender.wake();
  assert.deepEqual(names(line.taken), ['b']);
  assert.deepEqual(open().refused().map(({ deed, refused }) => [deed.text, refused]), [['Question a', 'Les questions sont fermées.']]);
});

test('who presses many times sends one number, once the hand is still', async () => {
  const { open, clock } = device();
  const outbox = open();
  const line = sending(outbox, clock);
  for (let hands = 1; hands <= 12; hands += 1) {
    outbox.put(count('q', hands));
    await line.sender.wake();
    clock.now += 100;
  }
  assert.deepEqual(line.taken, []);
  await line.pass();
  assert.deepEqual(line.taken.map(({ hands }) => hands), [12]);
});

test('a number that changes while an older one is on its way is sent after it', async () => {
  const { open, clock } = device();
  const outbox = open();
  outbox.put(count('q', 3));
  clock.now += SETTLES;
  const line = sending(outbox, clock);
  const sent = line.sender.wake();
  outbox.put(count('q', 5));
  await Promise.all([sent, line.sender.wake()]);
  await line.pass();
  assert.deepEqual(line.taken.map(({ hands }) => hands), [3, 5]);
  assert.equal(open().all().length, 0);
});

test('a session that has ended keeps what waits for the next link', () => {
  assert.ok(pauseAfter(new SessionEnded(), 0, 0) > 0);
  assert.equal(pauseAfter(new Problem({ status: 429, code: 'qa.too_many_open' }), 0, 0), null);
  assert.ok(pauseAfter(new Problem({ status: 401 }), 0, 0) > 0);
});

test('whatever fails in whatever order, each question arrives and the last number counts', async () => {
  let seed = 7;
  const chance = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
  for (let life = 0; life < 60; life += 1) {
    const { open, clock } = device();
    const failures = Array.from({ length: chance(30) }, () => ['lost', new Unreachable(), new Problem({ status: 503 }), null, new Problem({ status: 429, retry_after: 1 })][chance(5)]);
    let outbox = open();
    let line = sending(outbox, clock, failures);
    const [asked, counted, arrived] = [[], {}, []];
    for (let step = 0; step < 30; step += 1) {
      const what = chance(4);
      if (what === 0) { asked.push(`a${step}`); outbox.put(ask(`a${step}`)); }
      else if (what === 1) { const hands = chance(30); counted[`q${hands % 3}`] = hands; outbox.put(count(`q${hands % 3}`, hands)); }
      else if (what === 2) { arrived.push(...line.taken); outbox = open(); line = sending(outbox, clock, failures); } // a reload
      else clock.now += chance(2_000);
      await line.sender.wake();
    }
    for (let n = 0; n < 200 && outbox.all().length; n += 1) { clock.now += 1_000; await (line.timers.length ? line.pass() : line.sender.wake()); }
    arrived.push(...line.taken);
    const firsts = [...new Set(arrived.filter(({ kind }) => kind === 'ask').map(({ id }) => id))];
    assert.deepEqual(firsts, asked);
    for (const [question, hands] of Object.entries(counted)) assert.equal(arrived.findLast((deed) => deed.question === question).hands, hands);
  }
});
