// The aspect of flags: what marks a question for moderators.

import { without } from './without.js';

/** @type {import('../feed.js').Steps} */
export const flags = {
  flag: (state, { id, flags: found }) => (found.length ? { ...state, flags: { ...state.flags, [id]: found } } : { ...state, flags: without(state.flags ?? {}, id) }),
};
