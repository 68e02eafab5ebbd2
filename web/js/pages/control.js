// The operator's page: the run of show, the questions of every session opened and closed, the stages looked at every few seconds.
// What must not be here: what is made of an order (state/run_of_show.js).

import { Api } from '../net/api.js';
import { changeFloor } from '../net/commands.js';
import { Day } from '../net/day.js';
import { addressOf } from '../net/hall_code.js';
import { blankAll, blankScreens, listWords, readScreens, readWords } from '../net/house_commands.js';
import { PassKeeper, SessionEnded } from '../net/pass.js';
import { why } from '../net/problem.js';
import { eraseRecording, makeFile, readRecordings } from '../net/recordings.js';
import { changeOrder, previewOrder, readOrder } from '../net/running_order.js';
import '../ui/all_screens.js';
import '../ui/connection_state.js';
import '../ui/flag_words.js';
import '../ui/recordings.js';
import '../ui/run_of_show.js';
import '../ui/streams.js';
import { t, tn } from '../i18n.js';
import { element, learnWords } from './start.js';

/** ms between two looks. */
const EVERY = 5_000;
/** ms between two looks at the stages: what is wrong with an encoder is known after about a second, and to be read soon after. */
const WATCH = 1_500;
/** ms between two steps of the clock on the page. */
const TICK = 1_000;

const lang = await learnWords();
const [connection, show, streams, screens, words, recordings] = ['tablee-connection', 'tablee-show', 'tablee-streams', 'tablee-all-screens', 'tablee-flag-words', 'tablee-recordings'].map(element);
const send = globalThis.fetch.bind(globalThis);
const passes = new PassKeeper({ fetch: send });
const api = new Api({ fetch: send, passes, lang });
const day = new Day(send);
/** How far the server's clock is ahead of this device's, in ms. */
let ahead = 0;

/** @param {string} stage */
const at = (stage) => `/api/streaming/stages/${encodeURIComponent(stage)}`;
const address = (/** @type {string} */ stage) => `${at(stage)}/key`;
streams.picture = (/** @type {string} */ stage) => api.file(`${at(stage)}/picture`);
streams.reveal = (/** @type {string} */ stage) => api.get(address(stage));
streams.fetched = (/** @type {string} */ stage) => api.get(`${at(stage)}/pull`);
streams.fetch = (/** @type {string} */ stage, /** @type {string|null} */ url) => api.send('PUT', `${at(stage)}/pull`, { url });
streams.rotate = (/** @type {string} */ stage) => api.send('POST', address(stage), {});

screens.change = async (/** @type {string} */ session, /** @type {boolean} */ blank) => {
  await (session ? blankScreens(api, session, blank) : blankAll(api, blank));
  screens.blanks = await readScreens(api);
};
Object.assign(recordings, {
  make: (/** @type {string} */ session, /** @type {string} */ title, /** @type {import('../net/recordings.js').Kind} */ kind) => makeFile(api, session, title, kind),
  erase: (/** @type {string} */ session) => eraseRecording(api, session),
  look: async () => { recordings.recordings = await readRecordings(api); },
});
words.save = (/** @type {import('../ui/flag_words.js').Words} */ lists) => listWords(api, lists);
show.changeFloor = async (/** @type {string} */ session, /** @type {import('../ui/floor.js').Wish} */ wish) => {
  try {
    const floor = await changeFloor(api, session, show.floors[session], wish);
    show.floors = { ...show.floors, [session]: { ...show.floors[session], ...floor } };
  } finally {
    look();
  }
};
show.hallCode = (/** @type {string} */ session, /** @type {boolean} */ anew) => (anew ? api.send('POST', addressOf(session), {}) : api.get(addressOf(session)));
show.requests = {
  learn,
  preview: (/** @type {any} */ command) => previewOrder(api, command),
  change: (/** @type {any} */ command, /** @type {number} */ version) => changeOrder(api, command, version),
  look: async () => learn(await readOrder(api)),
};

/** An older answer that comes late changes nothing. @param {import('../state/run_of_show.js').Order} order */
function learn(order) {
  if (show.order && order.version < show.order.version) return;
  const other = show.order?.version !== order.version || !order.slots.every(placed);
  ahead = Date.parse(order.at) - Date.now();
  show.order = order;
  screens.titles = recordings.titles = Object.fromEntries(order.slots.map(({ session, title }) => [session, title]));
  if (other) nameplaces();
}

/** Whether the name of its place is known. @param {import('../state/run_of_show.js').Slot} slot */
function placed({ stage, room }) {
  const { stages, rooms } = day.places;
  return (!stage || stages.some(({ id }) => id === stage)) && (!room || rooms.some(({ id }) => id === room));
}

/** The halls have names, and an import may bring others. */
async function nameplaces() {
  if (await day.look()) show.places = day.places;
}

/** @param {{session: string, state: string, version: number, counts?: Record<string, number>}[]} floors */
function showFloors(floors) {
  show.floors = Object.fromEntries(floors.map((floor) => [floor.session, floor]));
}

/** @param {{troubled_since: string | null, given_up: {name: string}[]}} mail */
function showMail(mail) {
  const names = mail.given_up.map((one) => one.name || '?');
  const lines = [mail.troubled_since ? t('control.mail.troubled') : '', names.length ? tn('control.mail.given_up', names.length, { names: names.join(', ') }) : ''];
  const text = lines.filter(Boolean).join(' ') || t('control.mail.good');
  const line = element('[data-mail]');
  if (line.textContent !== text) line.textContent = text;
}

async function look() {
  try {
    const [order, floors, mail, blanks, recorded] = await Promise.all([
      readOrder(api, late), api.get('/api/qa/sessions'), api.get('/api/registration/mail'), readScreens(api), readRecordings(api),
    ]);
    learn(order);
    showFloors(floors.sessions ?? floors);
    showMail(mail);
    screens.blanks = blanks;
    recordings.recordings = recorded;
    words.words ??= await readWords(api);
    show.words = '';
    connection.state = 'live';
  } catch (failure) {
    missed(failure);
  }
}

/** @param {unknown} failure */
function missed(failure) {
  if (failure instanceof SessionEnded) {
    connection.refusal = { code: 'session.ended' };
    connection.state = 'refused';
    return;
  }
  connection.state = 'offline';
  show.words = t('show.old', { why: why(failure) });
}

async function watch() {
  try {
    const { stages, refusal } = await api.get('/api/streaming/stages');
    Object.assign(streams, { stages, refusal, words: '' });
    show.streams = Object.fromEntries(stages.map((/** @type {import('../ui/stage_card.js').Stage} */ stage) => [stage.id, stage]));
  } catch (failure) {
    streams.words = why(failure);
  }
}

/** Not answered yet, and asked again. */
function late() {
  if (connection.state === 'live') connection.state = 'late';
}

/** @param {() => Promise<void>} once @param {number} every */
async function keep(once, every) {
  if (!document.hidden) await once();
  setTimeout(() => keep(once, every), every);
}

setInterval(() => {
  show.now = Date.now() + ahead;
}, TICK);
keep(look, EVERY);
keep(watch, WATCH);
document.addEventListener('visibilitychange', () => document.hidden || Promise.all([look(), watch()]));
