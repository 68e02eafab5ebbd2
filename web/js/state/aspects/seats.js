// The aspect of the table: who is at it, one's own seat, and for those who lead and the studio all seats. The highest version is the newest.
// `signal` frames change nothing: pages that make calls listen to them.

import { without } from './without.js';

/** @type {import('../feed.js').Steps} */
export const seats = {
  at_table: (state, data) => ({ ...state, at_table: data }),
  seat: (state, data) => {
    const held = state.seats?.[data.id];
    return held && held.version > data.version ? state : { ...state, seats: { ...state.seats, [data.id]: data } };
  },
  seat_gone: (state, data) => (state.seats ? { ...state, seats: without(state.seats, data.id) } : state),
  studio: (state, data) => ({ ...state, studio: data }),
  my_seat: (state, data) => ({ ...state, my_seat: data }),
};
