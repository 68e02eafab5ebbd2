// The aspect of colleagues: who else is at the desk; moderators only.

/** @type {import('../feed.js').Steps} */
export const colleagues = {
  colleagues: (state, data) => ({ ...state, colleagues: data }),
};
