// Waiting times between tries: growing, bounded, with chance in them so that a thousand pages never come back at once.
// What must not be here: what is tried.

/** Shortest and longest wait before coming back, in ms. */
export const SOONEST = 500;
export const LATEST = 8_000;
/** Tries of one command before the person is asked. */
export const TRIES = 5;

/**
 * The wait before try `n` (0 for the first return), between SOONEST and LATEST.
 * @param {number} n
 * @param {number} chance  0 ≤ chance < 1
 */
export function pause(n, chance) {
  const top = Math.min(LATEST, SOONEST * 2 ** (n + 1));
  return SOONEST + chance * (top - SOONEST);
}
