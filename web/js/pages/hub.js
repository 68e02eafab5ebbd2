// The page of who hosts a local hall: how many are there, asking for them, counting hands. What is done goes through an outbox that outlives the line.
// What must not be here: requests, how it looks.

import { Api } from '../net/api.js';
import { asset } from '../net/assets.js';
import { HallCode, hubAddressOf } from '../net/hall_code.js';
import { carryOut } from '../net/hub_commands.js';
import { KeptState, keepPage } from '../net/kept_page.js';
import { ownDeeds } from '../net/own_questions.js';
import { OutboxSender } from '../net/outbox_sender.js';
import { SessionEnded } from '../net/pass.js';
import { why } from '../net/problem.js';
import { peopleOf } from '../state/hub.js';
import { Outbox } from '../state/outbox.js';
import { announce } from '../ui/announce.js';
import { drawer } from '../ui/kept.js';
import { t } from '../i18n.js';
import { following } from './following.js';
import { element, follow, place, start } from './start.js';
import '../ui/connection_state.js';
import '../ui/hand.js';
import '../ui/hub_ask.js';
import '../ui/hub_hall.js';
import '../ui/hub_outbox.js';
import '../ui/hub_poll.js';
import '../ui/hub_questions.js';
import '../ui/mine.js';
import '../ui/on_stage.js';
import '../ui/ring.js';
import '../ui/sessions.js';

/** What waits is looked at again so often, in ms: it becomes late, and another page of this host may have sent it. */
const LOOK = 1_000;
/** What is sent at once is not worth a word, in ms. */
const WORTH = 2_500;

const session = await start('public');
const { person: owner = '', people: printed = '0', most = '0', host } = place().dataset;
const [hall, form, list, questions, poll, mine, stage, hand, connection, ring] = ['tablee-hall', 'tablee-hub-ask', 'tablee-outbox', 'tablee-hub-questions', 'tablee-hub-poll',
  'tablee-mine', 'tablee-on-stage', 'tablee-hand', 'tablee-connection', 'tablee-ring'].map(element);
const showDay = following(session, 'hub');
const now = () => Date.now() + skew();
const skew = () => session.passes.skew ?? 0;

const phones = new HallCode(session.api, () => session.changed(), undefined, hubAddressOf);

const outbox = new Outbox(drawer(), owner, { now: Date.now, skew, mark: () => crypto.randomUUID().slice(0, 8) });
const api = new Api({ fetch: globalThis.fetch.bind(globalThis), passes: session.passes, lang: session.lang, tries: 1 });
const sender = new OutboxSender({
  outbox, why, random: Math.random,
  send: async (entry) => {
    if ((await session.passes.current()).person.id !== owner) throw new SessionEnded(); // somebody else came in on this device
    await carryOut(session, api, entry);
  },
  changed: () => session.changed(),
  alone: (work) => (navigator.locks ? navigator.locks.request(`tablee.outbox.${owner}`, work) : work()),
  timers: { set: (fn, ms) => setTimeout(fn, ms), clear: (id) => clearTimeout(id) },
});

const kept = new KeptState(drawer(), owner, session.session, asset('').pathname);
const before = kept.read();
session.live = before?.live ?? null; // until the feed says how it is now

/** @param {import('../state/outbox.js').Deed} deed */
function put(deed) {
  const taken = outbox.put(deed);
  if (!taken) announce(t('hub.full'));
  session.changed();
  sender.wake();
  return taken;
}

const people = () => peopleOf(outbox.waiting(), session.pass?.person.people ?? before?.people ?? Number(printed));
const confirmed = () => (session.pass ? session.pass.person.door === 'hub' : (before?.confirmed ?? host === 'confirmed'));
/** What is known for the next time; what waits is in the outbox. */
const known = () => ({ live: session.live, people: session.pass?.person.people ?? people(), confirmed: confirmed() });

Object.assign(hall, { most: Number(most), declare: (/** @type {number} */ n) => put({ kind: 'people', people: n }) });
form.put = (/** @type {any} */ question) => put({ kind: 'ask', session: session.session, ...question });
questions.count = (/** @type {string} */ question, /** @type {number} */ hands) => put({ kind: 'count', session: session.session, question, hands });
poll.count = (/** @type {string} */ id, /** @type {Record<string, number>} */ counts) => put({ kind: 'poll', session: session.session, poll: id, counts, people: people() });
hand.session = session;
mine.all = true;
mine.deeds = ownDeeds(session.api, (kind, data) => session.learn(kind, data));

hall.addEventListener('renew', () => session.passes.renew().catch(() => {}));
list.addEventListener('giveup', (/** @type {CustomEvent} */ { detail }) => drop(detail.key));
list.addEventListener('again', (/** @type {CustomEvent} */ { detail }) => {
  outbox.again(detail.key);
  session.changed();
  sender.wake();
});
list.addEventListener('rewrite', (/** @type {CustomEvent} */ { detail }) => form.take(detail.deed) && drop(detail.key));

/** @param {string} key */
function drop(key) {
  outbox.done(key);
  session.changed();
}

addEventListener('pagehide', () => kept.keep(known(), Infinity));
addEventListener('storage', () => session.changed());
addEventListener('online', () => sender.wake());
addEventListener('beforeunload', (event) => outbox.waiting().length && event.preventDefault());
setInterval(() => outbox.all().length && session.changed(), LOOK);

let line = '';
let keeping = false;
follow(session, () => {
  const { live } = session;
  const waiting = outbox.waiting();
  if (session.connection !== line && session.connection === 'live') sender.wake();
  line = session.connection;
  if (line === 'live') kept.keep(known(), Date.now());
  if (line === 'live' && live && !keeping) {
    keeping = true;
    keepPage();
  }
  const offline = !['live', 'late'].includes(line);
  const there = people();
  showDay();
  Object.assign(connection, { state: session.connection, refusal: session.refusal });
  phones.follow(session.pass?.person.people && live ? live.session.id : '', live?.session.progress ?? '');
  Object.assign(hall, { people: there, confirmed: confirmed(), session: phones.at, code: phones.code, waits: waiting.some(({ deed }) => deed.kind === 'people') });
  Object.assign(form, { floor: live?.floor.state ?? null, people: there, confirmed: confirmed(), offline });
  Object.assign(list, { waiting: waiting.filter(({ ripe }) => offline || Date.now() - ripe > WORTH), refused: outbox.refused(), fragile: outbox.fragile, live, now: now() });
  for (const one of [questions, poll]) Object.assign(one, { live, waiting, people: confirmed() ? there : 0 });
  stage.live = live;
  hand.live = live;
  if (!live) return;
  ring.presence = live.presence;
  mine.mine = live.mine ?? {};
});
sender.wake();
