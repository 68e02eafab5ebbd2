// The page of a desk at the door: tickets are scanned, by the camera or typed, with or without a line. What is done goes through an outbox that
// outlives the line; what a desk tells without one comes from its sealed list. What must not be here: requests, ciphers, how it looks.

import { Api } from '../net/api.js';
import { asset } from '../net/assets.js';
import { doorCounts, findGuests, sendDeed } from '../net/door_commands.js';
import { DoorList } from '../net/door_list.js';
import { keepPage } from '../net/kept_page.js';
import { OutboxSender } from '../net/outbox_sender.js';
import { PassKeeper } from '../net/pass.js';
import { Problem, why } from '../net/problem.js';
import { DoorBook, plainCode, weightOf } from '../state/door.js';
import { Outbox, about } from '../state/outbox.js';
import { signal, wakeSignals } from '../ui/door_signals.js';
import { drawer, keep, kept } from '../ui/kept.js';
import { element, learnWords, place as here } from './start.js';
import '../ui/door_bar.js';
import '../ui/door_camera.js';
import '../ui/door_last.js';
import '../ui/door_result.js';
import '../ui/door_search.js';
import '../ui/door_walk_in.js';

/** How long the platform's own word is waited for before this desk's list decides, in ms. */
const PATIENCE = 600;
/** Lists and counts are looked at again so often, in ms. */
const LIST_EVERY = 300_000;
const COUNTS_EVERY = 15_000;
/** While there is no line it is looked for so often, in ms: a browser does not always know that it is back. */
const LOOK_EVERY = 4_000;
/** Scans that wait for the line, at most: a whole audience. */
const MOST_WAITING = 3_000;
const MOST_LINES = 12;

/** @typedef {import('../state/door.js').Verdict} Verdict @typedef {import('../state/door.js').Guest} Guest @typedef {import('../state/outbox.js').DoorDeed} DoorDeed */

const { event = '' } = here().dataset;
const [bar, result, camera, search, walkIn, last] = ['bar', 'result', 'camera', 'search', 'walk-in', 'last'].map((name) => element(`tablee-door-${name}`));
const send = globalThis.fetch.bind(globalThis);
let ended = false;
const passes = new PassKeeper({ fetch: send, ended: () => { ended = true; show(); } });
const lang = await learnWords();
const api = new Api({ fetch: send, passes, lang, tries: 1 });
const list = new DoorList({ ...('caches' in globalThis ? { caches } : {}), ...(crypto.subtle ? { subtle: crypto.subtle } : {}) });
const book = new DoorBook();
const skew = () => passes.skew ?? 0;
const outbox = new Outbox(drawer(), `door.${event}`, { now: Date.now, skew, mark: () => crypto.randomUUID().slice(0, 8), most: MOST_WAITING });
const uuid = () => crypto.randomUUID();

/** @type {import('../ui/door_last.js').Line[]} */
let lines = [];
let lineUp = navigator.onLine;
let way = /** @type {'entry'|'exit'} */ ('entry');
let spot = kept('door.place') ?? '';
let desk = kept('door.desk') ?? '';
/** @type {any} */
let counts = null;
/** What this desk did since its list was made: index of a ticket, never a name. @typedef {import('../state/door.js').Passage & {nonce: string}} Step @type {Step[]} */
let trail = [];
/** The scan on the screen. */
let shown = '';
/** What “let in anyway” would send. @type {{index: string, guest: Guest|null}|null} */
let doubtful = null;

const sender = new OutboxSender({
  outbox, why, random: Math.random,
  send: async (entry) => heard(/** @type {DoorDeed} */ (entry.deed), await tried(sendDeed(api, /** @type {DoorDeed} */ (entry.deed), entry.at))),
  changed: () => show(),
  alone: (work) => (navigator.locks ? navigator.locks.request(`tablee.outbox.door.${event}`, work) : work()),
  timers: { set: (fn, ms) => setTimeout(fn, ms), clear: (id) => clearTimeout(id) },
});

/** Learns from every request whether there is a line. @template T @param {Promise<T>} asked @returns {Promise<T>} */
async function tried(asked) {
  try {
    const answer = await asked;
    if (!lineUp) queueMicrotask(back);
    lineUp = true;
    return answer;
  } catch (failure) {
    lineUp = failure instanceof Problem && failure.status > 0 && failure.status < 500;
    throw failure;
  }
}

/** The line is there again. */
const back = () => sender.wake().then(refreshList).then(refreshCounts);

/** The platform's word about something this desk did. @param {DoorDeed} deed @param {Verdict} verdict */
function heard(deed, verdict) {
  const line = lines.find((one) => one.nonce === deed.nonce);
  if (!line) return;
  const other = line.verdict.told !== verdict.told;
  Object.assign(line, { verdict: { ...verdict, person: verdict.person ?? line.verdict.person }, sent: true });
  if (shown === deed.nonce) tell(line.verdict, true, other);
  if (other && weightOf(verdict.told) === 'bad') book.unmark(deed.nonce);
  show();
}

/** @param {Verdict} verdict @param {boolean} sure @param {boolean} [loud] */
function tell(verdict, sure, loud = true) {
  Object.assign(result, { verdict, sure });
  if (loud) signal(weightOf(verdict.told), verdict.person?.image_rights === 'refused');
}

/** @param {string} text */
async function code(text) {
  const plain = plainCode(text);
  doubtful = null;
  if (!plain) {
    shown = '';
    return tell({ told: 'unreadable', person: null, first: null }, true);
  }
  const { index, person } = await list.open(plain).catch(() => ({ index: '', person: null }));
  if (!index) return tell({ told: 'unknown', person: null, first: null }, false);
  await pass({ ticket: index }, person, false);
}

/**
 * Somebody passes: the platform's word where it comes at once, else this desk's own.
 * @param {{ticket?: string, person?: string}} whose @param {Guest|null} person @param {boolean} insist
 */
async function pass(whose, person, insist) {
  const nonce = uuid();
  const now = Date.now() + skew();
  const passage = { index: whose.ticket ?? whose.person ?? '', kind: way, place: spot, at: new Date(now).toISOString(), desk };
  const own = insist && person === null ? { told: /** @type {const} */ ('in'), person, first: null } : book.judge(passage, person, list.list?.day ?? '');
  const verdict = insist && ['other_day', 'other_door', 'unknown'].includes(own.told) ? { ...own, told: /** @type {const} */ ('in') } : own;
  const passes = ['in', 'again', 'out', 'not_in'].includes(verdict.told);
  const deed = /** @type {DoorDeed} */ ({ kind: 'scan', nonce, way, place: spot, desk, ...whose, insist: insist || passes });
  shown = nonce;
  if (passes) outbox.put(deed, now);
  const asked = lineUp ? tried(sendDeed(api, deed, now, insist)).catch(() => null) : Promise.resolve(null);
  const answer = await Promise.race([asked, new Promise((done) => setTimeout(() => done(null), PATIENCE))]);
  const final = /** @type {Verdict} */ (answer ?? verdict);
  if (answer) settled(deed);
  else asked.then((late) => late && (settled(deed), heard(deed, late)));
  const let_ = ['in', 'again', 'out', 'not_in'].includes(final.told);
  if (let_) {
    book.mark(nonce, passage);
    setTrail([...trail, { nonce, ...passage }]);
  }
  doubtful = { index: whose.ticket ?? '', guest: final.person ?? person };
  lines = [{ nonce, at: now, way, verdict: { ...final, person: final.person ?? person }, sent: Boolean(answer), undone: false, undoable: let_ }, ...lines].slice(0, MOST_LINES);
  if (shown === nonce) tell({ ...final, person: final.person ?? person }, Boolean(answer));
  show();
  sender.wake();
  if (answer) refreshCounts();
}

/** The platform has it: it need not be sent again. @param {DoorDeed} deed */
function settled(deed) {
  const entry = outbox.of(about(deed));
  if (entry) outbox.done(entry.key);
}

/** @param {DoorDeed} deed @param {Verdict} verdict @param {'entry'|'exit'|'walk_in'} what */
function put(deed, verdict, what) {
  const at = Date.now() + skew();
  outbox.put(deed, at);
  if (what === 'walk_in') {
    shown = deed.nonce;
    lines = [{ nonce: deed.nonce, at, way: what, verdict, sent: false, undone: false, undoable: true }, ...lines].slice(0, MOST_LINES);
    tell(verdict, false);
  }
  show();
  sender.wake().then(refreshCounts);
}

camera.addEventListener('code', (/** @type {CustomEvent} */ { detail }) => code(detail));
result.addEventListener('anyway', () => {
  if (!doubtful) return;
  const { index, guest } = doubtful;
  pass(index ? { ticket: index } : { person: guest?.id ?? '' }, guest, true);
});
search.addEventListener('look', async (/** @type {CustomEvent} */ { detail }) => {
  search.failed = '';
  try {
    search.found = (await tried(findGuests(api, detail, spot))).people;
  } catch (failure) {
    search.failed = why(failure);
  }
  show();
});
search.addEventListener('person', (/** @type {CustomEvent} */ { detail }) => {
  search.clear();
  pass({ person: detail.id }, { id: detail.id, name: detail.name, door: detail.door, image_rights: detail.image_rights }, true);
});
walkIn.addEventListener('walk-in', (/** @type {CustomEvent} */ { detail }) => {
  const guest = { id: '', name: detail.name, door: 'in_room', image_rights: detail.image_rights };
  put({ kind: 'walk_in', nonce: uuid(), place: spot, desk, language: lang, ...detail }, { told: 'in', person: guest, first: null }, 'walk_in');
});
last.addEventListener('undo', (/** @type {CustomEvent} */ { detail }) => {
  const line = lines.find((one) => one.nonce === detail);
  if (!line) return;
  line.undone = true;
  lines = [...lines];
  book.unmark(detail);
  setTrail(trail.filter(({ nonce }) => nonce !== detail));
  if (shown === detail) tell({ ...line.verdict, told: 'undone', first: null }, true);
  put({ kind: 'undo', nonce: uuid(), undoes: detail, desk }, line.verdict, 'entry');
});
last.addEventListener('again', (/** @type {CustomEvent} */ { detail }) => {
  outbox.again(detail);
  sender.wake();
});
last.addEventListener('giveup', (/** @type {CustomEvent} */ { detail }) => {
  outbox.done(detail);
  show();
});
bar.addEventListener('way', (/** @type {CustomEvent} */ { detail }) => {
  way = detail;
  Object.assign(result, { verdict: null });
  show();
});
bar.addEventListener('place', (/** @type {CustomEvent} */ { detail }) => {
  spot = detail;
  keep('door.place', spot);
  Object.assign(result, { verdict: null });
  refreshCounts();
});
bar.addEventListener('desk', (/** @type {CustomEvent} */ { detail }) => {
  desk = detail;
  keep('door.desk', desk);
});

function show() {
  const line = ended ? 'ended' : !crypto.subtle ? 'unsafe' : lineUp ? 'up' : 'down';
  Object.assign(bar, { desk, place: spot, places: list.list?.places ?? [], way, counts, line, made: list.list?.made_at ?? '', size: list.size });
  Object.assign(result, { way, made: list.list?.made_at ?? '' });
  Object.assign(search, { offline: !lineUp, way });
  Object.assign(last, { lines, waiting: outbox.waiting().length, refused: outbox.refused(), fragile: outbox.fragile });
}

/** @param {Step[]} steps */
function setTrail(steps) {
  trail = steps;
  keep('door.trail', JSON.stringify({ event, trail }));
}

/** @returns {Step[]} */
function keptTrail() {
  try {
    const found = JSON.parse(kept('door.trail') ?? '{}');
    return found.event === event ? found.trail : [];
  } catch {
    return [];
  }
}

async function refreshList() {
  try {
    const fresh = await tried(list.refresh(api));
    const waiting = new Set(outbox.waiting().map(({ deed }) => ('nonce' in deed ? deed.nonce : '')));
    setTrail(trail.filter(({ nonce, at }) => waiting.has(nonce) || at > fresh.made_at));
    book.learn(fresh, trail);
  } catch {
    // the one that was kept stays
  }
  show();
}

async function refreshCounts() {
  try {
    counts = await tried(doorCounts(api, spot));
  } catch {
    // the last ones stay, and the line above them says that there is none
  }
  show();
}

for (const name of ['pointerdown', 'keydown']) addEventListener(name, wakeSignals, { once: true });
addEventListener('online', () => {
  lineUp = true;
  back();
});
addEventListener('offline', () => {
  lineUp = false;
  show();
});
addEventListener('storage', () => show());
addEventListener('beforeunload', (leaving) => outbox.fragile && leaving.preventDefault());
setInterval(() => refreshList(), LIST_EVERY);
setInterval(() => document.hidden || !lineUp || refreshCounts(), COUNTS_EVERY);
setInterval(() => lineUp || refreshCounts(), LOOK_EVERY);

const before = await list.restore(event);
trail = keptTrail();
if (before) book.learn(before, trail);
show();
await refreshList();
await refreshCounts();
sender.wake();
if (lineUp) keepPage('/door', 'BarcodeDetector' in globalThis ? [] : [asset('vendor/qr/decode.mjs').href]);
