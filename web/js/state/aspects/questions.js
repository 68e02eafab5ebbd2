// The aspect of questions: those an audience sees, one's own, and how many are published.

import { without } from './without.js';

/** @typedef {import('../types.js').Live} Live */
/** @typedef {import('../types.js').Item} Item */

/**
 * Puts a question in, unless a newer version is there: the answer to one's own command may overtake the feed.
 * @param {'items'|'mine'} name
 * @returns {(state: Live, data: Item) => Live}
 */
function upsert(name) {
  return (state, data) => {
    const held = state[name]?.[data.id];
    if (held && held.version > data.version) return state;
    return { ...state, [name]: { ...state[name], [data.id]: data } };
  };
}

/** @type {import('../feed.js').Steps} */
export const questions = {
  item: upsert('items'),
  mine: upsert('mine'),
  mine_gone: (state, data) => (state.mine ? { ...state, mine: without(state.mine, data.id) } : state),
  gone: (state, data) => ({ ...state, items: without(state.items, data.id) }),
  published: (state, data) => ({ ...state, published: data.count }),
};
