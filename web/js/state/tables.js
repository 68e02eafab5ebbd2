// What the service knows of questions: states, steps, limits, the shape of a question.
// Made by `python -m services.qa.page_tables > web/js/state/tables.js`, never by hand.

/**
 * @typedef {'queued'|'published'|'declined'|'on_stage'|'answered'|'withdrawn'|'hidden'|'merged'|'deferred'|'erased'} Status
 * @typedef {'in_room'|'remote'|'hub'|'staff'} Attendance
 * @typedef {'in_room'|'remote'|'hub'} Door
 * @typedef {'closed'|'open'|'paused'} FloorState
 * @typedef {'programme'|'hand'} FloorDecider
 * @typedef {'unknown'|'upcoming'|'on'|'over'|'cancelled'} Progress
 * @typedef {'waiting'|'published'|'running'} Column
 * @typedef {'public'|'moderator'|'chair'|'display'|'studio'} View
 * @typedef {'applause'|'agree'|'laugh'|'puzzled'} ReactionKind
 * @typedef {'invited'|'checking'|'ready'|'on_air'|'lost'|'declined'|'expired'|'left'|'removed'} SeatStanding
 * @typedef {'guest'|'speaker'|'signer'|'voice_interpreter'} SeatKind
 * @typedef {'offer'|'answer'|'candidate'|'restart'|'bye'} SignalKind
 *
 * @typedef {object} Item  A question as its audience sees it.
 * @property {string} id
 * @property {number} version
 * @property {Status} status
 * @property {string} text
 * @property {string} author
 * @property {Attendance} door
 * @property {number} votes
 * @property {Partial<Record<Door, number>>} by_door
 * @property {string} asked_at
 * @property {string|null} staged_at
 * @property {string|null} answered_at
 * @property {string} language
 * @property {string|null} cued_at
 * @property {string} answer
 * @property {string} owner
 * @property {string} due
 * @property {boolean} for_hall
 * @property {string} [original]
 * @property {string} [reason]
 * @property {Record<string, string>} [why]
 * @property {string} [note]
 * @property {boolean} [appealed]
 * @property {string} [changed_by]
 * @property {string} [changed_at]
 * @property {string|null} [author_id]
 * @property {string} [undo]
 * @property {string} [place]
 * @property {string} [speaker]
 * @property {string} [theme]
 * @property {string} [merged_into]
 * @property {string} [draft]
 * @property {string} [draft_name]
 * @property {string|null} [watched_at]
 * @property {{by: string, until: string}|null} [claim]
 * @property {{id: string, status: Status, text: string, staged_at: string|null, answered_at: string|null, answer: string}|null} [follows]
 */

/** The columns of the desk. @type {Column[]} */
export const COLUMNS = ['waiting', 'published', 'running'];

/** Status → its column. @type {Record<string, Column>} */
export const COLUMN_OF = {
  queued: 'waiting',
  published: 'published',
  on_stage: 'running',
  answered: 'running',
  hidden: 'running',
  declined: 'running',
  withdrawn: 'running',
  merged: 'running',
  deferred: 'running',
  erased: 'running',
};

/** Status → the mark of its meaning (badges.css). @type {Record<string, string>} */
export const MARKS = {
  queued: 'waiting',
  published: 'published',
  on_stage: 'stage',
  answered: 'answered',
  hidden: 'refused',
  declined: 'refused',
  withdrawn: 'quiet',
  merged: 'quiet',
  deferred: 'waiting',
  erased: 'quiet',
};

/** Status → what the desk may do with it. @type {Record<string, string[]>} */
export const ALLOWED = {
  queued: ['publish', 'rephrase', 'decline'],
  published: ['stage', 'hide'],
  on_stage: ['answer', 'return', 'hide'],
  answered: [],
  hidden: ['publish'],
  declined: [],
  withdrawn: [],
  merged: [],
  deferred: ['hide'],
  erased: [],
};

/** Status → what else it may, with something of the page. @type {Record<string, string[]>} */
export const ALSO = {
  queued: ['rephrase', 'merge', 'assign'],
  published: ['rephrase', 'merge', 'shortlist', 'unlist', 'assign', 'cue', 'uncue', 'defer', 'write', 'release'],
  on_stage: ['rephrase', 'assign', 'defer', 'write', 'release'],
  answered: ['write', 'release'],
  hidden: [],
  declined: [],
  withdrawn: [],
  merged: [],
  deferred: ['assign', 'write', 'release'],
  erased: [],
};

/** Not in a session that the programme has no more. @type {string[]} */
export const IN_FORCE = ['cue', 'stage'];

/** Where a duplicate may be merged into. @type {Status[]} */
export const MERGEABLE_INTO = ['queued', 'published', 'on_stage', 'deferred'];

/** What one command may do with many. @type {string[]} */
export const TOGETHER = ['publish', 'decline', 'hide', 'undo'];

/** Command → the status it leads to. @type {Record<string, Status>} */
export const LEADS_TO = {
  edit: 'queued',
  withdraw: 'withdrawn',
  amend: 'queued',
  appeal: 'queued',
  publish: 'published',
  decline: 'declined',
  merge: 'merged',
  stage: 'on_stage',
  answer: 'answered',
  return: 'published',
  defer: 'deferred',
  release: 'answered',
  hide: 'hidden',
};

/** Where its author is offered to withdraw a question. @type {Status[]} */
export const RETRACTABLE = ['queued', 'published'];

/** Where its author may say it in other words. @type {Status[]} */
export const EDITABLE = ['queued'];

/** Where they may write it anew, so that it waits again. @type {Status[]} */
export const AMENDABLE = ['published'];

/** How people attend. @type {Door[]} */
export const DOORS = ['in_room', 'remote', 'hub'];

/** What people may show without a word. @type {ReactionKind[]} */
export const REACTIONS = ['applause', 'agree', 'laugh', 'puzzled'];

/** For so many seconds a slip can be undone before its author is told. @type {number} */
export const UNDO_SECONDS = 10;

/** For so many seconds a claim lasts unless it is made longer. @type {number} */
export const CLAIM_SECONDS = 60;

/** Most questions decided in one command. @type {number} */
export const MOST_AT_ONCE = 100;

/** So long a question of a hall keeps its place in line, in s. @type {number} */
export const LATEST_ARRIVAL_SECONDS = 300;

/** Longest question, counted by code point. @type {number} */
export const MOST_CHARACTERS = 500;

/** Longest theme or owner of a promise. @type {number} */
export const MOST_LABEL_CHARACTERS = 80;

/** Longest note to an author. @type {number} */
export const MOST_NOTE_CHARACTERS = 300;

