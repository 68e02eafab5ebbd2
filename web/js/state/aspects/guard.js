// The aspect of what protects a session: whether its screens are blank. A screen's frame brings all that it shows, or takes it away.

/** @type {import('../feed.js').Steps} */
export const guard = {
  screens: (state, data) => ({ ...state, ...data }),
};
