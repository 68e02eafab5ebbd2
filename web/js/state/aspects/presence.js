// The aspect of presence: how many people are connected, by door.

/** @type {import('../feed.js').Steps} */
export const presence = {
  presence: (state, data) => ({ ...state, presence: data }),
};
