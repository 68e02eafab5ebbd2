// The aspect of votes: absolute counts, what one voted for, and the hands one counted in one's hall.

import { without } from './without.js';

/** @typedef {import('../types.js').Item} Item */

/**
 * Absolute counts put on the questions that are there; the others are ignored.
 * @param {Record<string, Item>} record
 * @param {{counts: Record<string, number>, by_door: Record<string, Item['by_door']>}} data
 */
function counted(record, { counts, by_door }) {
  /** @type {Record<string, Item>} */
  const changed = {};
  for (const [id, votes] of Object.entries(counts)) {
    const item = record[id];
    if (item) changed[id] = { ...item, votes, by_door: by_door[id] ?? {} };
  }
  return { ...record, ...changed };
}

/** @type {import('../feed.js').Steps} */
export const votes = {
  votes: (state, data) => ({
    ...state,
    items: counted(state.items, data),
    ...(state.mine ? { mine: counted(state.mine, data) } : {}),
  }),
  voted: (state, data) => {
    const others = (state.my_votes ?? []).filter((id) => id !== data.id);
    const counts = without(state.my_counts ?? {}, data.id);
    const my_counts = data.hands ? { ...counts, [data.id]: data.hands } : counts;
    return { ...state, my_votes: data.on ? [...others, data.id].sort() : others, my_counts };
  },
};
