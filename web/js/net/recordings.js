// What operators ask about recordings, with its address. What must not be here: fetch, retries, the page.

import { exportQuestions } from './house_commands.js';

/** @typedef {import('./api.js').Api} Api */
/** @typedef {'video'|'sound'} Kind */
/** @typedef {{kind: Kind, state: 'making'|'ready'|'failed', bytes: number, url: string|null}} RecordingFile */
/** @typedef {{session: string, stage: string, began: string, seconds: number, bytes: number, growing: boolean, files: RecordingFile[]}} Recording */

/** A file takes no more of them, nor longer words. */
const MOST = 500;
const LONGEST = 300;

/** @param {string} session */
const address = (session) => `/api/streaming/recordings/${encodeURIComponent(session)}`;

/** @param {Api} api @returns {Promise<Recording[]>} */
export async function readRecordings(api) {
  return (await api.get('/api/streaming/recordings')).recordings;
}

/** @param {Api} api @param {string} session */
export function eraseRecording(api, session) {
  return api.send('DELETE', address(session));
}

/** A file of it, with the questions that were asked aloud as chapters. @param {Api} api @param {string} session @param {string} title @param {Kind} kind */
export async function makeFile(api, session, title, kind) {
  /** @type {{rows: {text: string, staged_at: string|null, state: string}[]}} */
  const { rows } = JSON.parse(await (await exportQuestions(api, session, 'json', false)).text());
  const aloud = rows.filter((one) => one.staged_at && (one.state === 'on_stage' || one.state === 'answered'));
  const chapters = aloud.map((one) => ({ at: one.staged_at, title: one.text.slice(0, LONGEST) })).slice(0, MOST);
  return api.send('POST', `${address(session)}/files`, { kind, title: title.slice(0, LONGEST), chapters });
}
