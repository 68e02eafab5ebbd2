// The commands of raised hands, reactions and notes, with their addresses. What must not be here: fetch, retries, the page.

/** @typedef {import('./api.js').Api} Api */

/** @param {string} session */
const of = (session) => `/api/qa/sessions/${encodeURIComponent(session)}`;

/** @param {Api} api @param {string} session @param {boolean} up @returns {Promise<{hand: import('../state/types.js').OwnHand|null}>} */
export function raise(api, session, up) {
  return up ? api.send('PUT', `${of(session)}/hand`, {}) : api.send('DELETE', `${of(session)}/hand`);
}

/** @param {Api} api @param {string} id @param {'lower'|'restore'} step @returns {Promise<import('../state/types.js').Hand>} */
export function moveHand(api, id, step) {
  return api.send('POST', `/api/qa/hands/${encodeURIComponent(id)}/${step}`);
}

/** @param {Api} api @param {string} session @param {import('../state/tables.js').ReactionKind} kind */
export function react(api, session, kind) {
  return api.send('POST', `${of(session)}/reactions`, { kind });
}

/** @param {Api} api @param {string} session @param {string} id @param {string} text @returns {Promise<import('../state/types.js').Note>} */
export function writeNote(api, session, id, text) {
  return api.send('POST', `${of(session)}/notes`, { id, text });
}

/** @param {Api} api @param {string} id @returns {Promise<import('../state/types.js').Note>} */
export function seeNote(api, id) {
  return api.send('PUT', `/api/qa/notes/${encodeURIComponent(id)}/seen`);
}
