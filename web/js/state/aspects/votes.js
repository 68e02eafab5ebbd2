// The aspect of votes: absolute counts, and what one voted for.

/** @typedef {import('../types.js').Item} Item */

/**
 * Absolute counts put on the questions that are there; the others are ignored.
 * @param {Record<string, Item>} record
 * @param {Record<string, number>} counts
 */
function counted(record, counts) {
  /** @type {Record<string, Item>} */
  const changed = {};
  for (const [id, votes] of Object.entries(counts)) {
    const item = record[id];
    if (item) changed[id] = { ...item, votes };
  }
  return { ...record, ...changed };
}

/** @type {import('../feed.js').Steps} */
export const votes = {
  votes: (state, data) => ({
    ...state,
    items: counted(state.items, data.counts),
    ...(state.mine ? { mine: counted(state.mine, data.counts) } : {}),
  }),
  voted: (state, data) => {
    const others = (state.my_votes ?? []).filter((id) => id !== data.id);
    return { ...state, my_votes: data.on ? [...others, data.id].sort() : others };
  },
};
