// What a desk did, as requests; each may arrive twice and counts once. What must not be here: when they are sent (outbox_sender.js).

/** @typedef {import('../state/outbox.js').DoorDeed} DoorDeed */

const DOOR = '/api/registration/door';

/**
 * @param {import('./api.js').Api} api @param {DoorDeed} deed @param {number} at  When it was done by the clock of the platform, in ms.
 * @param {boolean} [insist]  The desk has let them in already.
 * @returns {Promise<import('../state/door.js').Verdict>}
 */
export function sendDeed(api, deed, at, insist = true) {
  const common = { nonce: deed.nonce, at: new Date(at).toISOString(), desk: deed.desk };
  if (deed.kind === 'undo') return api.send('POST', `${DOOR}/scans/${deed.undoes}/undo`, common);
  if (deed.kind === 'walk_in') {
    const { name, language, image_rights, place } = deed;
    return api.send('POST', `${DOOR}/walk-ins`, { ...common, place, name, language, image_rights });
  }
  const whose = deed.ticket ? { ticket: deed.ticket } : { person: deed.person };
  return api.send('POST', `${DOOR}/scans`, { ...common, kind: deed.way, place: deed.place, ...whose, insist: insist && deed.insist });
}

/** @param {import('./api.js').Api} api @param {string} place @returns {Promise<{expected: number, arrived: number, inside: number, walk_ins: number}>} */
export const doorCounts = (api, place) => api.get(`${DOOR}/counts?${new URLSearchParams({ place })}`);

/** @typedef {import('../state/door.js').Guest & {expected: boolean, first: import('../state/door.js').First|null}} FoundGuest */

/** @param {import('./api.js').Api} api @param {string} search @param {string} place @returns {Promise<{people: FoundGuest[]}>} */
export const findGuests = (api, search, place) => api.get(`${DOOR}/people?${new URLSearchParams({ search, place })}`);
