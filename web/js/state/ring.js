// How many dots of the ring each door gets. Pure. What must not be here: drawing, counting people.

import { DOORS } from './tables.js';

/** Rings of few large dots or of many small ones: dots, and their radius. @type {[number, number][]} */
export const RINGS = [[12, 6.2], [24, 4.1], [36, 2.8]];

/**
 * How many dots each door gets: as many as there are people while they fit, then their share, and at least one for anybody.
 * @param {import('../state/types.js').Presence} presence
 * @param {number} most
 * @returns {{in_room: number, remote: number, hub: number}}
 */
export function share(presence, most) {
  const total = DOORS.reduce((sum, door) => sum + presence[door], 0);
  const scale = total > most ? most / total : 1;
  const dots = { in_room: 0, remote: 0, hub: 0 };
  for (const door of DOORS) dots[door] = presence[door] > 0 ? Math.max(1, Math.round(presence[door] * scale)) : 0;
  const [largest] = [...DOORS].sort((a, b) => dots[b] - dots[a]);
  const sum = dots.in_room + dots.remote + dots.hub;
  if (total > most || sum > most) dots[largest ?? 'in_room'] += most - sum;
  return dots;
}
