// Commands over a bad line: repeated when that is harmless, refused in words, never sent without a pass.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, Problem, Unreachable } from '../../../web/js/net/api.js';
import { move } from '../../../web/js/net/commands.js';
import { PassKeeper, SessionEnded, lifetime } from '../../../web/js/net/pass.js';
import { why } from '../../../web/js/net/problem.js';
import { LATEST, SOONEST, TRIES, pause } from '../../../web/js/net/retry.js';
import { setCatalogue } from '../../../web/js/i18n.js';

setCatalogue('fr', { 'net.unreachable': 'Pas de réseau', 'net.refused': 'Refusé', 'connection.ended': 'Terminé' });

const json = (status, body) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

function api(answers) {
  const sent = [];
  const passes = { renewals: 0, current: async () => ({ pass: `p${passes.renewals}` }), renew: async () => { passes.renewals += 1; } };
  const fetch = async (path, options) => {
    sent.push({ path, ...options });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { sent, passes, api: new Api({ fetch, passes, lang: 'fr', sleep: async () => {}, random: () => 0 }) };
}

test('a cut line and a 503 are tried again with the same body', async () => {
  const world = api([new TypeError('cut'), json(503, {}), json(201, { id: 'q' })]);
  let waits = 0;
  assert.deepEqual(await world.api.send('POST', '/x', { id: 'q' }, () => { waits += 1; }), { id: 'q' });
  assert.equal(waits, 2);
  assert.equal(new Set(world.sent.map(({ body }) => body)).size, 1);
  assert.equal(world.sent[0].headers.Authorization, 'Bearer p0');
});

test('it gives up after a bounded number of tries', async () => {
  const world = api(Array.from({ length: 20 }, () => new TypeError('cut')));
  await assert.rejects(world.api.send('PUT', '/x'), Unreachable);
  assert.equal(world.sent.length, TRIES);
});

test('a refusal speaks the page’s language and carries what is current', async () => {
  const world = api([json(409, { code: 'qa.stale', sentences: { fr: 'Trop tard', en: 'Too late' }, current: { id: 'q', version: 3 } })]);
  const failure = await world.api.send('POST', '/x', {}).catch((error) => error);
  assert.ok(failure instanceof Problem);
  assert.equal(failure.message, 'Trop tard');
  assert.equal(failure.current.version, 3);
  assert.equal(world.sent.length, 1);
});

test('a field’s own sentence is added to the whole', async () => {
  const world = api([json(422, { sentences: { fr: 'À revoir.' }, fields: [{ path: 'text', code: 'x', sentences: { fr: 'Trop long.' } }] })]);
  await assert.rejects(world.api.send('POST', '/x', {}), { message: 'À revoir. Trop long.' });
});

test('a pass that ended is renewed once', async () => {
  const world = api([json(401, {}), json(200, { done: true })]);
  assert.deepEqual(await world.api.send('PUT', '/x'), { done: true });
  assert.equal(world.sent[1].headers.Authorization, 'Bearer p1');
  const again = api([json(401, {}), json(401, { sentences: { fr: 'Fini' } })]);
  await assert.rejects(again.api.send('PUT', '/x'), { message: 'Fini' });
});

test('a refusal that only says the first sending arrived is a success', async () => {
  const current = { id: 'q', version: 2, status: 'published' };
  const world = api([new TypeError('cut'), json(409, { code: 'qa.stale', current })]);
  assert.deepEqual(await move(world.api, { id: 'q', version: 1, status: 'queued' }, 'publish'), current);
  const other = api([json(409, { code: 'qa.stale', current })]);
  await assert.rejects(move(other.api, { id: 'q', version: 1, status: 'queued' }, 'publish'), Problem);
});

test('waits stay between their bounds', () => {
  for (let n = 0; n < 12; n++) {
    for (const chance of [0, 0.5, 0.999]) assert.ok(pause(n, chance) >= SOONEST && pause(n, chance) <= LATEST);
  }
});

test('one pass request at a time, renewed before its end', async () => {
  const planned = [];
  let calls = 0;
  const keeper = new PassKeeper({
    fetch: async () => { calls += 1; return json(200, { pass: `p${calls}`, expires_at: 600 }); },
    now: () => 0,
    later: (fn, ms) => planned.push({ fn, ms }),
  });
  const [one, two] = await Promise.all([keeper.current(), keeper.current()]);
  assert.equal(one, two);
  assert.equal(calls, 1);
  assert.ok(planned[0].ms < 600_000 && planned[0].ms >= 20_000);
  planned[0].fn();
  assert.equal((await keeper.renew()).pass, 'p2');
  assert.equal(calls, 2);
});

test('without a session the page is told once and nothing more is asked', async () => {
  let calls = 0;
  let ended = 0;
  const keeper = new PassKeeper({ fetch: async () => { calls += 1; return json(401, {}); }, ended: () => { ended += 1; } });
  await assert.rejects(keeper.current(), SessionEnded);
  await assert.rejects(keeper.current(), SessionEnded);
  assert.deepEqual([calls, ended], [1, 1]);
});

test('a device with a wrong clock still keeps its pass', () => {
  assert.equal(lifetime('2021-03-18T09:10:00Z', 'Thu, 18 Mar 2021 09:00:00 GMT', 0), 600_000);
  assert.equal(lifetime(1_000, null, 400_000), 600_000);
});

test('only what was written for people is shown to them', () => {
  assert.equal(why(new Problem({ code: 'qa.stale', detail: 'Trop tard' })), 'Trop tard');
  assert.equal(why(new Unreachable()), 'Pas de réseau');
  assert.equal(why(new SessionEnded()), 'Terminé');
  for (const failure of [new TypeError('x is not a function'), new Error(''), undefined]) assert.equal(why(failure), 'Refusé');
});
