// The aspect of what protects a session: whether its screens are blank, how slowly people ask, who is muted, oneself too. A screen's frame
// brings all that it shows, or takes it away.

/** @type {import('../feed.js').Steps[string]} */
const taken = (state, data) => ({ ...state, ...data });

/** @type {import('../feed.js').Steps} */
export const guard = { screens: taken, slow: taken, muted: taken, silenced: taken };
