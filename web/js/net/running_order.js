// The running order over HTTP: reading it, what a command would move, giving a command on the version it was decided on.
// What must not be here: fetch, the page, what follows from an order (state/run_of_show.js).

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../state/run_of_show.js').Order} Order */
/** @typedef {{command: string, session?: string, minutes?: number, at?: string|undefined}} Command */

/** No answer is waited for longer, in ms. */
const PATIENCE = 12_000;
const ADDRESS = '/api/registration/running-order';

/** @param {Api} api @param {() => void} [waiting]  Told before each further try. @returns {Promise<Order>} */
export function readOrder(api, waiting) {
  return api.send('GET', ADDRESS, undefined, waiting);
}

/**
 * The order for who holds no pass in hand, as everybody may read it; null while the line is down: what is known stays.
 * @param {typeof fetch} [send] @returns {Promise<Order|null>}
 */
export async function lookAtOrder(send = globalThis.fetch.bind(globalThis)) {
  try {
    const answer = await send(ADDRESS, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/**
 * What the command would move. Changes nothing.
 * @param {Api} api @param {Command} command @returns {Promise<import('../state/show_changes.js').Told[]>}
 */
export async function previewOrder(api, command) {
  return (await api.send('POST', `${ADDRESS}/preview`, command)).changes;
}

/**
 * Gives the command on the version it was decided on. Sent twice because of a bad line, the second one is refused as stale.
 * @param {Api} api @param {Command} command @param {number} version @returns {Promise<Order>}
 */
export function changeOrder(api, command, version) {
  return api.send('POST', ADDRESS, { ...command, expected_version: version });
}
