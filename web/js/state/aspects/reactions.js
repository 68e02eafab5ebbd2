// The aspect of reactions: how many of each kind there were in the last seconds.

/** @type {import('../feed.js').Steps} */
export const reactions = {
  reactions: (state, data) => ({ ...state, reactions: data }),
};
