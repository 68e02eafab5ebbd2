// Shapes of the live feed, as JSDoc types. No code lives here.

/**
 * @typedef {'queued'|'published'|'declined'|'on_stage'|'answered'|'withdrawn'|'hidden'} Status
 * @typedef {'in_room'|'remote'|'hub'|'staff'} Door
 *
 * @typedef {object} Item  A question as its audience sees it.
 * @property {string} id
 * @property {number} version
 * @property {Status} status
 * @property {string} text
 * @property {string} [original]  Only when it was rephrased, only to its author and to moderators.
 * @property {string} author  Shown name, '' when asked without it.
 * @property {Door} door
 * @property {number} votes
 * @property {string} asked_at  RFC 3339.
 * @property {string|null} [staged_at]
 * @property {string|null} [answered_at]
 * @property {string} language
 * @property {string} [reason]  Why it was declined.
 * @property {string} [note]
 * @property {string} [changed_by]
 * @property {string} [changed_at]
 * @property {string} [author_id]
 *
 * @typedef {{state: 'open'|'paused'|'closed', version: number}} Floor
 * @typedef {{in_room: number, remote: number, hub: number}} Presence
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
