// What moderators ask about a session as a whole, with its address, and operators about all of them. What must not be here: fetch, retries, the page.

/** @typedef {import('./api.js').Api} Api */
/** @typedef {'csv'|'json'|'xlsx'} Format */

/** @param {string} session */
const at = (session) => `/api/qa/sessions/${encodeURIComponent(session)}`;

/** @param {Api} api @param {string} session @param {Format} format @param {boolean} names @returns {Promise<Blob>} */
export function exportQuestions(api, session, format, names) {
  return api.file(`${at(session)}/questions.${format}${names ? '?names=yes' : ''}`);
}

/** Blank every screen of a session, or bring them back. @param {Api} api @param {string} session @param {boolean} blank */
export function blankScreens(api, session, blank) {
  return api.send('PUT', `${at(session)}/screens`, { blank });
}

/** The screens of every session. @param {Api} api @param {boolean} blank */
export function blankAll(api, blank) {
  return api.send('PUT', '/api/qa/screens', { blank });
}

/** Which screens are blank. @param {Api} api @returns {Promise<import('../ui/all_screens.js').Blanks>} */
export function readScreens(api) {
  return api.get('/api/qa/screens');
}

/** @typedef {{at: string, by: string, duty: string, about: string, sentences: Record<string, string>}} Act */

/** What was done to protect a session, the latest first. @param {Api} api @param {string} session @returns {Promise<Act[]>} */
export async function readActs(api, session) {
  return (await api.get(`${at(session)}/acts`)).entries;
}

/** A person waits so long between two questions; 0: as everywhere. @param {Api} api @param {string} session @param {number} seconds */
export function slowDown(api, session, seconds) {
  return api.send('PUT', `${at(session)}/slow`, { seconds });
}

/** The author of a question is muted in its session, or may speak again. @param {Api} api @param {string} question @param {boolean} on */
export function mute(api, question, on) {
  return api.send(on ? 'PUT' : 'DELETE', `/api/qa/questions/${encodeURIComponent(question)}/mute`);
}

/** The words that mark a question. @param {Api} api @returns {Promise<import('../ui/flag_words.js').Words>} */
export async function readWords(api) {
  return (await api.get('/api/qa/flags')).words;
}

/** @param {Api} api @param {import('../ui/flag_words.js').Words} words @returns {Promise<import('../ui/flag_words.js').Words>} */
export async function listWords(api, words) {
  return (await api.send('PUT', '/api/qa/flags', words)).words;
}
