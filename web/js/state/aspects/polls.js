// The aspect of polls: what is asked, the counted answers, and one's own. The highest version, or number of a counting, is the newest.

import { without } from './without.js';

/** @type {import('../feed.js').Steps} */
export const polls = {
  poll: (state, data) => {
    const held = state.polls[data.id];
    return held && held.version > data.version ? state : { ...state, polls: { ...state.polls, [data.id]: data } };
  },
  poll_gone: (state, data) => ({ ...state, polls: without(state.polls, data.id), tallies: without(state.tallies, data.id) }),
  poll_tally: (state, data) => {
    const held = state.tallies[data.id];
    return held && held.rev > data.rev ? state : { ...state, tallies: { ...state.tallies, [data.id]: data } };
  },
  my_answer: (state, data) => {
    const held = state.my_answers?.[data.poll];
    return held && held.rev > data.rev ? state : { ...state, my_answers: { ...state.my_answers, [data.poll]: data } };
  },
};
