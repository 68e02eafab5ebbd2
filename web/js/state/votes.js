// A press on a vote shows at once, before the server has counted it; the server's count then takes over.
// What must not be here: requests, clocks, the page.

/** @typedef {import('./types.js').Live} Live */
/** @typedef {{on: boolean, base: number}} Press  What was pressed, and the count it was pressed on. */
/** @typedef {ReadonlyMap<string, Press>} Presses */

/**
 * @param {Live} live
 * @param {Presses} presses
 * @param {string} id
 * @returns {{on: boolean, votes: number}}
 */
export function shown(live, presses, id) {
  const votes = live.items[id]?.votes ?? 0;
  const mine = (live.my_votes ?? []).includes(id);
  const press = presses.get(id);
  if (!press) return { on: mine, votes };
  const moved = votes !== press.base;
  return { on: press.on, votes: moved ? votes : Math.max(0, votes + (press.on ? 1 : -1)) };
}

/** @param {Presses} presses @param {string} id @param {Press|null} press @returns {Presses} */
export function pressed(presses, id, press) {
  const next = new Map(presses);
  if (press) next.set(id, press);
  else next.delete(id);
  return next;
}
