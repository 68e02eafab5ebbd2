// The aspect of the session: its present facts (services/qa/feed/aspects/session.py says what each field means). A frame holds all of them.

/** @type {import('../feed.js').Steps} */
export const session = {
  session: (state, data) => ({ ...state, session: data }),
};
