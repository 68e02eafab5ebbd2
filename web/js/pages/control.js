// The operator's page: the questions of every session opened and closed, the stages looked at every few seconds.

import { Api } from '../net/api.js';
import { changeFloor } from '../net/commands.js';
import { PassKeeper, SessionEnded } from '../net/pass.js';
import '../ui/floor.js';
import '../ui/connection_state.js';
import '../ui/streams.js';
import { t, tn, setLocale } from '../i18n.js';
import { element } from './start.js';

/** ms between two looks. */
const EVERY = 5_000;

const lang = document.documentElement.lang || 'fr';
await setLocale(lang);
const connection = element('tablee-connection');
const streams = element('tablee-streams');
const send = globalThis.fetch.bind(globalThis);
const passes = new PassKeeper({ fetch: send });
const api = new Api({ fetch: send, passes, lang });
let misses = 0;

/** @param {string} stage */
const address = (stage) => `/api/streaming/stages/${encodeURIComponent(stage)}/key`;
streams.reveal = (/** @type {string} */ stage) => api.get(address(stage));
streams.rotate = (/** @type {string} */ stage) => api.send('POST', address(stage), {});

/** @type {NodeListOf<any>} */
const rows = document.querySelectorAll('[data-floor]');
for (const row of rows) {
  const floor = row.querySelector('tablee-floor');
  floor.label = row.dataset.title;
  floor.change = async (/** @type {'open'|'paused'|'closed'} */ state) => {
    try {
      floor.floor = await changeFloor(api, row.dataset.floor, floor.floor, state);
    } finally {
      look();
    }
  };
}

/** @param {{session: string, state: 'open'|'paused'|'closed', version: number, counts?: Record<string, number>}[]} floors */
function showFloors(floors) {
  for (const row of rows) {
    const found = floors.find((floor) => floor.session === row.dataset.floor);
    row.querySelector('tablee-floor').floor = found ? { state: found.state, version: found.version } : null;
    row.querySelector('[data-counts]').textContent = found?.counts ? countWords(found.counts) : '';
  }
}

/** @param {Record<string, number>} counts */
function countWords(counts) {
  return ['queued', 'published', 'answered'].filter((status) => counts[status]).map((status) => tn(`control.${status}`, counts[status] ?? 0)).join(' · ');
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
    const [floors, stages, mail] = await Promise.all([api.get('/api/qa/sessions'), api.get('/api/streaming/stages'), api.get('/api/registration/mail')]);
    showMail(mail);
    showFloors(floors.sessions ?? floors);
    streams.stages = stages.stages ?? stages;
    streams.words = '';
    connection.state = 'live';
    misses = 0;
  } catch (failure) {
    if (failure instanceof SessionEnded) {
      connection.refusal = { code: 'session.ended' };
      connection.state = 'refused';
      return;
    }
    misses += 1;
    connection.state = misses > 1 ? 'offline' : 'late';
    streams.words = failure instanceof Error ? failure.message : t('net.refused');
  }
}

async function keepLooking() {
  if (!document.hidden) await look();
  setTimeout(keepLooking, EVERY);
}

keepLooking();
document.addEventListener('visibilitychange', () => document.hidden || look());
