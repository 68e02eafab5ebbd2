// The aspect of raised hands: how many there are, one's own, and for moderators the line.

import { without } from './without.js';

/** @type {import('../feed.js').Steps} */
export const hands = {
  hands: (state, data) => ({ ...state, hands: data }),
  hand: (state, data) => {
    const held = state.line?.[data.id];
    return held && held.version > data.version ? state : { ...state, line: { ...state.line, [data.id]: data } };
  },
  hand_down: (state, data) => (state.line ? { ...state, line: without(state.line, data.id) } : state),
  my_hand: (state, data) => ({ ...state, my_hand: data }),
};
