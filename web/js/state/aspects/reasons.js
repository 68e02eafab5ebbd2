// The aspect of reasons: why a question may be declined. A frame holds all of them, in the order of the desk.

/** @type {import('../feed.js').Steps} */
export const reasons = {
  reasons: (state, data) => ({ ...state, reasons: data }),
};
