// Shapes of the live feed, as JSDoc types. No code lives here; those of questions are in tables.js.

/**
 * @typedef {import('./tables.js').Status} Status
 * @typedef {import('./tables.js').Item} Item
 *
 * @typedef {{state: import('./tables.js').FloorState, version: number, by: import('./tables.js').FloorDecider}} Floor
 * @typedef {Record<import('./tables.js').Door, number>} Presence
 * @typedef {{state: string, origin: string, reason?: string}} Stream
 *
 *
 * @typedef {object} SessionFacts  What is true of the session now; services/qa/feed/aspects/session.py says what each field means.
 * @property {string} id
 * @property {string} title  '' while the service knows nothing of the session.
 * @property {string} label
 * @property {string} language
 * @property {string|null} room
 * @property {string|null} starts_at
 * @property {string|null} ends_at
 * @property {import('./tables.js').Progress} progress
 * @property {boolean} moved
 * @property {{name: string, titles: string[], moderates: boolean}[]} participants
 * @property {boolean} removed
 * @property {string|null} stage
 * @property {boolean} streamed
 * @property {boolean} closed
 * @property {{id: string, title: string, label: string}|null} now
 * @property {{id: string, title: string, label: string, starts_at: string|null}|null} next
 *
 * @typedef {import('./poll_tables.js').Poll} Poll
 * @typedef {{id: string, rev: number, answers: Presence, counts: Record<string, Presence>|null, halls: number}} Tally  services/qa/feed/polls.py
 * @typedef {{poll: string, choice: string[], hall: Record<string, number>|null, people: number, rev: number}} OwnAnswer
 *
 * @typedef {{count: number, doors: Presence}} Hands
 * @typedef {{id: string, version: number, up: boolean, name: string, door: import('./tables.js').Door, at: string}} Hand  services/qa/feed/hands.py
 * @typedef {{id: string, version: number, at: string, rank: number, anonymous: boolean}} OwnHand
 *
 * @typedef {{id: string, version: number, side: 'desk'|'chair', name: string, text: string, at: string, seen_at: string|null, seen_by: string}} Note
 * @typedef {{part: number, had: number, people: number, askers: number, answered: number, seconds: number}} TurnDoor
 * @typedef {{question: string|null, door: import('./tables.js').Door|null, why: string, doors: Record<import('./tables.js').Door, TurnDoor>}} Turn
 *
 * @typedef {import('./tables.js').SeatStanding} SeatStanding
 * @typedef {object} Seat  services/qa/feed/seats.py
 * @property {string} id
 * @property {string} session
 * @property {number} version
 * @property {SeatStanding} state
 * @property {import('./tables.js').SeatKind} kind
 * @property {string} name
 * @property {string} title
 * @property {import('./tables.js').Door} door
 * @property {boolean} voice_only
 * @property {boolean} no_picture
 * @property {boolean} muted
 * @property {string} hand
 * @property {string} question
 * @property {string} invited_at
 * @property {string} expires_at
 * @property {string} since
 * @property {number} round_trip_ms
 * @property {string} picture  As 1280x720.
 * @property {string} [undo]  The step that would be taken back first; for those who lead.
 *
 * @typedef {{name: string, title: string, door: import('./tables.js').Door, kind: import('./tables.js').SeatKind, voice_only: boolean, muted: boolean}} Seated
 * @typedef {{seat: string, from: 'seat'|'studio', kind: import('./tables.js').SignalKind, data: string, n: number}} Signal  A frame that is in no state.
 * @typedef {{kind: 'word'|'link'|'repeated', words: string[]}} Flag  services/qa/flags.py
 * @typedef {{at: string, by: string, duty: string}} Blank  Since when screens are blank, by whom.
 * @typedef {{blank: boolean, here?: Blank|null, everywhere?: Blank|null}} Screens  services/qa/feed/guard.py
 *
 * @typedef {{id: string, words: Record<string, string>}} Reason  `words`: the organiser's, by language; none for one of the standard reasons.
 *
 * @typedef {object} Live  The state of one session for one audience.
 * @property {SessionFacts} session
 * @property {Floor} floor
 * @property {Record<string, Item>} items
 * @property {Record<string, Item>} [mine]
 * @property {string[]} [my_votes]
 * @property {Record<string, number>} [my_counts]  Question → hands that one counted in one's hall.
 * @property {number} [published]  How many wait on the list; displays only.
 * @property {string[]} [colleagues]  Names of the moderators at this desk, one's own among them; moderators only.
 * @property {Presence} presence
 * @property {Stream|null} stream
 * @property {Record<string, Poll>} polls
 * @property {Record<string, Tally>} tallies
 * @property {Record<string, OwnAnswer>} [my_answers]
 * @property {Hands} hands
 * @property {Record<string, Hand>} [line]  Raised hands; moderators only.
 * @property {OwnHand|null} [my_hand]
 * @property {Record<string, Note>} [notes]  Moderators and the chair.
 * @property {Turn} [turn]  Moderators and the chair.
 * @property {Seated[]} at_table  Who is on air.
 * @property {Record<string, Seat>} [seats]  Moderators, chair, studio.
 * @property {{instance: string, since: string}|null} [studio]  Moderators, chair, studio.
 * @property {Seat & {studio: boolean}|null} [my_seat]
 * @property {number} [slow]  Seconds that a person waits between two questions; 0: no more than everywhere.
 * @property {Record<string, Blank>} [muted]  Question → its author is muted, since when, by whom; moderators only.
 * @property {Record<string, Flag[]>} [flags]  Question → what marks it; moderators only.
 * @property {Reason[]} [reasons]  Why a question may be declined; moderators only.
 * @property {boolean} [silenced]  Whether one is muted oneself.
 * @property {Screens} [screens]  Screens; moderators and the chair read more of it.
 * @property {Record<import('./tables.js').ReactionKind, number>} reactions  Of the last seconds.
 *
 * @typedef {{kind: string, data: any, seq?: number}} FeedEvent
 */

export {};
