// The aspect of the stream: what the stage of the session sends.

/** @type {import('../feed.js').Steps} */
export const stream = {
  stream: (state, data) => ({ ...state, stream: data }),
};
