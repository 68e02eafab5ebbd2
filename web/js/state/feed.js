// The live state as a pure fold over feed events. The law: a snapshot, then its events, equals a fresh snapshot.
// What must not be here: sockets, clocks, the page. The server holds the same fold; both are checked on the same vectors.

/** @typedef {import('./types.js').Live} Live */
/** @typedef {import('./types.js').FeedEvent} FeedEvent */

/**
 * A state without some entries of one of its records.
 * @template T
 * @param {Record<string, T>} record
 * @param {string} id
 * @returns {Record<string, T>}
 */
function without(record, id) {
  if (!(id in record)) return record;
  const { [id]: _gone, ...rest } = record;
  return rest;
}

/**
 * Absolute counts put on the questions that are there; the others are ignored.
 * @param {Record<string, import('./types.js').Item>} record
 * @param {Record<string, number>} counts
 */
function counted(record, counts) {
  /** @type {Record<string, import('./types.js').Item>} */
  const changed = {};
  for (const [id, votes] of Object.entries(counts)) {
    const item = record[id];
    if (item) changed[id] = { ...item, votes };
  }
  return { ...record, ...changed };
}

/**
 * Puts a question in, unless a newer version is there: the answer to one's own command may overtake the feed.
 * @param {'items'|'mine'} name
 * @returns {(state: Live, data: import('./types.js').Item) => Live}
 */
function upsert(name) {
  return (state, data) => {
    const held = state[name]?.[data.id];
    if (held && held.version > data.version) return state;
    return { ...state, [name]: { ...state[name], [data.id]: data } };
  };
}

/** @type {Record<string, (state: Live, data: any) => Live>} */
const STEPS = {
  item: upsert('items'),
  mine: upsert('mine'),
  gone: (state, data) => ({ ...state, items: without(state.items, data.id) }),
  votes: (state, data) => ({
    ...state,
    items: counted(state.items, data.counts),
    ...(state.mine ? { mine: counted(state.mine, data.counts) } : {}),
  }),
  voted: (state, data) => {
    const others = (state.my_votes ?? []).filter((id) => id !== data.id);
    return { ...state, my_votes: data.on ? [...others, data.id].sort() : others };
  },
  floor: (state, data) => (state.floor.version > data.version ? state : { ...state, floor: data }),
  presence: (state, data) => ({ ...state, presence: data }),
  stream: (state, data) => ({ ...state, stream: data }),
  published: (state, data) => ({ ...state, published: data.count }),
};

/**
 * The state after one event. A kind this page doesn't know leaves it as it is: a newer server may say more.
 * @param {Live} state
 * @param {FeedEvent} event
 * @returns {Live}
 */
export function reduce(state, event) {
  const step = Object.hasOwn(STEPS, event.kind) ? STEPS[event.kind] : undefined;
  return step ? step(state, event.data) : state;
}

/**
 * @param {Live} snapshot
 * @param {FeedEvent[]} events
 * @returns {Live}
 */
export function replay(snapshot, events) {
  return events.reduce(reduce, snapshot);
}
