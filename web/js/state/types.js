// Shapes of the live feed, as JSDoc types. No code lives here; those of questions are in tables.js.

/**
 * @typedef {import('./tables.js').Status} Status
 * @typedef {import('./tables.js').Item} Item
 *
 * @typedef {{state: import('./tables.js').FloorState, version: number}} Floor
 * @typedef {Record<import('./tables.js').Door, number>} Presence
 * @typedef {{state: string, origin: string}} Stream
 *
 * @typedef {object} Live  The state of one session for one audience.
 * @property {string} session
 * @property {Floor} floor
 * @property {Record<string, Item>} items
 * @property {Record<string, Item>} [mine]
 * @property {string[]} [my_votes]
 * @property {number} [published]  How many wait on the list; displays only.
 * @property {Presence} presence
 * @property {Stream|null} stream
 *
 * @typedef {{kind: string, data: any, seq?: number}} FeedEvent
 */

export {};
