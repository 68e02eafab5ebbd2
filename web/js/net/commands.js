// Every command of the live pages, with its address. A versioned one names the version it was decided on.
// What must not be here: fetch, retries, the page.

import { LEADS_TO } from '../state/tables.js';
import { Problem } from './api.js';

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../state/types.js').Item} Item */

/**
 * @param {Api} api
 * @param {string} session
 * @param {{id: string, text: string, language: string, anonymous: boolean, hall?: {name: string, asked_at?: string|null}, watched_at?: string|null}} question
 * @param {(n: number) => void} [waiting]
 * @returns {Promise<Item>}
 */
export function ask(api, session, question, waiting) {
  return api.send('POST', `/api/qa/sessions/${encodeURIComponent(session)}/questions`, question, waiting);
}

/**
 * The questions that ask nearly the same, the most alike first.
 * @param {Api} api
 * @param {string} session
 * @param {string} text
 * @returns {Promise<import('../state/suggesting.js').Similar[]>}
 */
export async function similar(api, session, text) {
  return (await api.get(`/api/qa/sessions/${encodeURIComponent(session)}/similar?text=${encodeURIComponent(text)}`)).questions;
}

/**
 * @param {Api} api
 * @param {string} id
 * @param {boolean} on
 * @returns {Promise<{id: string, votes: number, voted: boolean}>}
 */
export function vote(api, id, on) {
  return api.send(on ? 'PUT' : 'DELETE', `/api/qa/questions/${encodeURIComponent(id)}/vote`);
}

/**
 * @param {Api} api
 * @param {string} id
 * @param {number} hands
 * @returns {Promise<{id: string, votes: number, by_door: Item['by_door'], hands: number}>}
 */
export function countHands(api, id, hands) {
  return api.send('PUT', `/api/qa/questions/${encodeURIComponent(id)}/hall`, { hands });
}

/**
 * Moves a question, if it has not been moved since. Sent twice because of a bad connection, the second one is refused as stale although
 * the first was done: that refusal is then the success it hides.
 * @param {Api} api
 * @param {Item} item
 * @param {string} command
 * @param {Record<string, unknown>} [more]
 * @returns {Promise<Item>}
 */
export async function move(api, item, command, more = {}) {
  let again = false;
  try {
    const path = `/api/qa/questions/${encodeURIComponent(item.id)}/${command}`;
    return await api.send('POST', path, { expected_version: item.version, ...more }, () => {
      again = true;
    });
  } catch (failure) {
    if (again && failure instanceof Problem && failure.current?.version === item.version + 1) {
      if (command === 'undo' || failure.current.status === (LEADS_TO[command] ?? item.status)) return failure.current;
    }
    throw failure;
  }
}

/** Words and author go for good. @param {Api} api @param {Item} item @returns {Promise<unknown>} */
export function erase(api, item) {
  return api.send('POST', `/api/qa/questions/${encodeURIComponent(item.id)}/erase`, { expected_version: item.version });
}

/** What was done with a question, oldest first. @param {Api} api @param {string} id */
export async function history(api, id) {
  return (await api.get(`/api/qa/questions/${encodeURIComponent(id)}/history`)).entries;
}

/**
 * One command on many questions, each named with the version it was decided on; an answer for each, in the same order.
 * @param {Api} api
 * @param {string} session
 * @param {string} command
 * @param {Item[]} items  At most MOST_AT_ONCE.
 * @param {Record<string, unknown>} more
 * @returns {Promise<{id: string, item?: Item, problem?: import('./problem.js').Document}[]>}
 */
export async function decide(api, session, command, items, more) {
  const wanted = items.map(({ id, version }) => ({ id, expected_version: version }));
  return (await api.send('POST', `/api/qa/sessions/${encodeURIComponent(session)}/decide`, { command, items: wanted, ...more })).answers;
}

/**
 * Says that one reads a question (for CLAIM_SECONDS), or no more.
 * @param {Api} api
 * @param {string} id
 * @param {boolean} on
 */
export function claim(api, id, on) {
  return api.send(on ? 'PUT' : 'DELETE', `/api/qa/questions/${encodeURIComponent(id)}/claim`);
}

/**
 * `state` 'programme': no decision by hand any more.
 * @param {Api} api
 * @param {string} session
 * @param {import('../state/types.js').Floor} floor
 * @param {import('../state/tables.js').FloorState|'programme'} state
 */
export function changeFloor(api, session, floor, state) {
  return api.send('POST', `/api/qa/sessions/${encodeURIComponent(session)}/floor`, { state, expected_version: floor.version });
}
