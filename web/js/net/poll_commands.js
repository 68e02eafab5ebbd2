// Every command of polls, with its address. What must not be here: fetch, retries, the page.

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../state/types.js').Poll} Poll */
/** @typedef {import('../state/types.js').OwnAnswer} OwnAnswer */

/** @param {string} id */
const at = (id) => `/api/qa/polls/${encodeURIComponent(id)}`;

/** @param {Api} api @param {string} session @param {Record<string, unknown>} poll @returns {Promise<Poll>} */
export function preparePoll(api, session, poll) {
  return api.send('POST', `/api/qa/sessions/${encodeURIComponent(session)}/polls`, poll);
}

/** @param {Api} api @param {Poll} poll @param {string} step @param {Record<string, unknown>} [more] @returns {Promise<Poll>} */
export function movePoll(api, poll, step, more = {}) {
  return api.send('POST', `${at(poll.id)}/${step}`, { expected_version: poll.version, ...more });
}

/** @param {Api} api @param {string} poll @param {string[]} choice @returns {Promise<OwnAnswer>} */
export function answerPoll(api, poll, choice) {
  return api.send('PUT', `${at(poll)}/answer`, { choice });
}

/** @param {Api} api @param {string} poll @param {Record<string, number>} counts @param {number} people @returns {Promise<OwnAnswer>} */
export function countHall(api, poll, counts, people) {
  return api.send('PUT', `${at(poll)}/hall`, { counts, people });
}

/** @param {string} session @param {'results'|'results.csv'} what */
export const resultsAt = (session, what) => `/api/qa/sessions/${encodeURIComponent(session)}/polls/${what}`;
