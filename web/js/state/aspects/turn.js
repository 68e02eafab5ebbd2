// The aspect of the fair turn: which question would be next, and what each door had.

/** @type {import('../feed.js').Steps} */
export const turn = {
  turn: (state, data) => ({ ...state, turn: data }),
};
