// The aspect of claims: which question a colleague reads just now.

/** @type {import('../feed.js').Steps} */
export const claims = {
  claim: (state, data) => {
    const held = state.items[data.id];
    return held ? { ...state, items: { ...state.items, [data.id]: { ...held, claim: data.claim } } } : state;
  },
};
