// The table over HTTP: inviting, the steps of a seat, by which servers calls find their way, which studio page speaks. What must not be here: calls.

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../state/types.js').Seat} Seat */
/** @typedef {'accept'|'decline'|'ready'|'leave'|'take'|'off_air'|'mute'|'undo'|'renew'|'remove'|'lost'|'back'} SeatStep */

/** @param {string} session */
const at = (session) => `/api/qa/sessions/${encodeURIComponent(session)}`;

/** A link by which one person comes to the table whenever they like; its token is told this once. @typedef {{id: string, name: string, kind: string, used: boolean, token?: string}} TableLink */

/** @param {Api} api @param {string} session @returns {Promise<TableLink[]>} */
export const readLinks = async (api, session) => (await api.get(`${at(session)}/table-links`)).links;

/** @param {Api} api @param {string} session @param {{name: string, kind: string}} whose @returns {Promise<TableLink>} */
export const makeLink = (api, session, whose) => api.send('POST', `${at(session)}/table-links`, whose);

/** @param {Api} api @param {string} id */
export const revokeLink = (api, id) => api.send('DELETE', `/api/qa/table-links/${encodeURIComponent(id)}`);

/** One's own seat, by the token of a link. @param {Api} api @param {string} session @param {string} token @returns {Promise<Seat>} */
export const comeByLink = (api, session, token) => api.send('POST', `${at(session)}/table`, { token });

/** By a hand or by a question. @param {Api} api @param {string} session @param {{hand: string}|{question: string}} whom @returns {Promise<Seat>} */
export const invite = (api, session, whom) => api.send('POST', `${at(session)}/seats`, whom);

/** @param {Api} api @param {Seat} seat @param {SeatStep} step @param {object} [details] @returns {Promise<Seat>} */
export const moveSeat = (api, seat, step, details = {}) =>
  api.send('POST', `/api/qa/seats/${encodeURIComponent(seat.id)}/${step}`, { expected_version: seat.version, ...details });

/** @param {Api} api @param {string} session @param {string} instance  Of this open page. */
export const holdStudio = (api, session, instance) => api.send('PUT', `${at(session)}/studio`, { instance });

/** This open page speaks no more. @param {Api} api @param {string} session @param {string} instance */
export const leaveStudio = (api, session, instance) => api.send('DELETE', `${at(session)}/studio?${new URLSearchParams({ instance })}`);

/** @param {Api} api @returns {Promise<{version: string, sentences: Record<string, string>}>} */
export const readConsent = (api) => api.get('/api/qa/consent');

/** How a call finds its way. @param {Api} api @returns {Promise<RTCConfiguration>} */
export async function readIce(api) {
  const { ice_servers: iceServers, relay_only } = await api.get('/api/qa/ice');
  return { iceServers, iceTransportPolicy: relay_only ? 'relay' : 'all', bundlePolicy: 'max-bundle' };
}
