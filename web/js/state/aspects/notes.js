// The aspect of notes between the moderators and the chair. The highest version is the newest.

import { without } from './without.js';

/** @type {import('../feed.js').Steps} */
export const notes = {
  note: (state, data) => {
    const held = state.notes?.[data.id];
    return held && held.version > data.version ? state : { ...state, notes: { ...state.notes, [data.id]: data } };
  },
  note_gone: (state, data) => (state.notes ? { ...state, notes: without(state.notes, data.id) } : state),
};
