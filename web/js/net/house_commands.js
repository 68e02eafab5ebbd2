// What moderators ask about a session as a whole, with its address. What must not be here: fetch, retries, the page.

/** @typedef {import('./api.js').Api} Api */
/** @typedef {'csv'|'json'|'xlsx'} Format */

/** @param {string} session */
const at = (session) => `/api/qa/sessions/${encodeURIComponent(session)}`;

/** @param {Api} api @param {string} session @param {Format} format @param {boolean} names @returns {Promise<Blob>} */
export function exportQuestions(api, session, format, names) {
  return api.file(`${at(session)}/questions.${format}${names ? '?names=yes' : ''}`);
}
