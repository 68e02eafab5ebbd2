// The aspect of the floor: whether the session takes questions. The highest version is the newest.

/** @type {import('../feed.js').Steps} */
export const floor = {
  floor: (state, data) => (state.floor.version > data.version ? state : { ...state, floor: data }),
};
