// Asks what is on, waits for the answer to change, and says so. Stops while nobody looks.
// What must not be here: the page.

/** Between two questions where the service does not let this page wait. */
const EVERY_MS = 20_000;
/** So that a thousand pages that hear of a change at once do not all ask at once. */
const JITTER_MS = 600;
/** An answer that comes so soon was not waited for. */
const AT_ONCE_MS = 2_000;
/** After refusals and lost networks the questions grow rarer, up to this. */
const MOST_MS = 300_000;

/**
 * @typedef {{
 *   fetch: (path: string) => Promise<Response>, set: (run: () => void, ms: number) => unknown, clear: (timer: any) => void,
 *   random: () => number, clock: () => number, hidden: () => boolean, known?: string, changed: (programme: number) => Promise<void>
 * }} Parts
 */

export class MomentWatch {
  /** What the page shows, in the service's word for it. */
  #known = '';
  #failures = 0;
  #asking = false;
  /** @type {unknown} */
  #timer;

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    this.#known = parts.known ?? '';
  }

  start() {
    this.#next(0);
  }

  /** The page is looked at again, or no longer. */
  turn() {
    this.parts.clear(this.#timer);
    if (!this.parts.hidden()) this.#next(0);
  }

  /** @param {number} ms */
  #next(ms) {
    this.parts.clear(this.#timer);
    this.#timer = this.parts.set(() => void this.#ask(), ms + this.parts.random() * JITTER_MS);
  }

  async #ask() {
    if (this.parts.hidden() || this.#asking) return;
    this.#asking = true;
    const since = this.parts.clock();
    let pause = 0;
    try {
      const changed = await this.#take(await this.#answer());
      this.#failures = 0;
      if (!changed && this.parts.clock() - since < AT_ONCE_MS) pause = EVERY_MS;
    } catch {
      this.#failures += 1;
      pause = Math.min(MOST_MS, EVERY_MS * 2 ** this.#failures);
    }
    this.#asking = false;
    if (!this.parts.hidden()) this.#next(pause);
  }

  async #answer() {
    const answer = await this.parts.fetch(`/api/registration/now${this.#known ? `?since=${this.#known}` : ''}`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.json();
  }

  /** The first answer counts as a change too: the page may be older than it. What the page could not show is asked for again.
   * @param {{as_of: string, programme: number}} moment @returns {Promise<boolean>} */
  async #take({ as_of: asOf, programme }) {
    if (asOf === this.#known) return false;
    await this.parts.changed(programme);
    this.#known = asOf;
    return true;
  }
}
