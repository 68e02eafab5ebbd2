// What the service knows of polls: states, steps, limits, the shape of a poll.
// Made by `python -m services.qa.polls.page_tables > web/js/state/poll_tables.js`, never by hand.

/**
 * @typedef {'single'|'several'|'ranking'|'scale'|'words'|'quiz'} PollKind
 * @typedef {'draft'|'open'|'closing'|'closed'|'archived'} PollStatus
 *
 * @typedef {object} Poll  As its audience sees it; the last three fields are for moderators (services/qa/feed/polls.py).
 * @property {string} id
 * @property {number} version
 * @property {PollStatus} status
 * @property {PollKind} kind
 * @property {string} question
 * @property {{id: string, text: string}[]} options
 * @property {number} least
 * @property {number} most
 * @property {string} low_label
 * @property {string} high_label
 * @property {string} right
 * @property {string} language
 * @property {boolean} shown
 * @property {number} position
 * @property {string} changed_at
 * @property {string|null} opened_at
 * @property {string|null} closes_at
 * @property {string|null} closed_at
 * @property {'programme'|'moderator'} [origin]
 * @property {string} [changed_by]
 * @property {string[]} [flagged]
 */

/** How a poll is answered. @type {PollKind[]} */
export const POLL_KINDS = ['single', 'several', 'ranking', 'scale', 'words', 'quiz'];

/** Kinds that offer options. @type {PollKind[]} */
export const WITH_OPTIONS = ['single', 'several', 'ranking', 'quiz'];

/** Kinds that hands can be counted for. @type {PollKind[]} */
export const COUNTABLE = ['single', 'several', 'scale', 'quiz'];

/** Where it takes answers. @type {PollStatus[]} */
export const POLL_LIVE = ['open', 'closing'];

/** Status → what the desk may do with it. @type {Record<string, string[]>} */
export const POLL_ALLOWED = {
  draft: ['edit', 'open', 'archive'],
  open: ['close', 'show', 'hide', 'flag'],
  closing: ['reopen', 'show', 'hide', 'flag'],
  closed: ['reopen', 'show', 'hide', 'flag', 'archive'],
  archived: ['restore'],
};

/** The same in a session that the programme has no more. @type {Record<string, string[]>} */
export const POLL_ALLOWED_REMOVED = {
  draft: ['edit', 'archive'],
  open: ['close', 'show', 'hide', 'flag'],
  closing: ['show', 'hide', 'flag'],
  closed: ['show', 'hide', 'flag', 'archive'],
  archived: ['restore'],
};

/** How much later than its end an answer may come, in s. @type {number} */
export const GRACE_SECONDS = 15;

/** Longest question. @type {number} */
export const MOST_POLL_CHARACTERS = 280;

/** Most options. @type {number} */
export const MOST_OPTIONS = 12;

/** Longest name of an end of a scale. @type {number} */
export const MOST_LABEL_CHARACTERS = 60;

/** Most words of one answer. @type {number} */
export const MOST_WORDS = 3;

/** Longest word. @type {number} */
export const MOST_WORD_CHARACTERS = 40;

/** The lowest and the highest number of any scale. @type {number[]} */
export const SCALE = [0, 10];

/** The ends of a scale where nothing is said. @type {number[]} */
export const USUAL_SCALE = [1, 5];

