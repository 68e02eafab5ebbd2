// Asks now and then what is on, and says when the answer changed. Stops while nobody looks.
// What must not be here: the page.

const EVERY_MS = 20_000;
/** So that a thousand pages that were opened at once do not ask at once. */
const JITTER_MS = 5_000;
/** After refusals and lost networks the questions grow rarer, up to this. */
const MOST_MS = 300_000;

/**
 * @typedef {{
 *   fetch: (path: string) => Promise<Response>, set: (run: () => void, ms: number) => unknown, clear: (timer: any) => void,
 *   random: () => number, hidden: () => boolean, changed: () => Promise<void>
 * }} Parts
 */

export class MomentWatch {
  /** @type {string|undefined} */
  #known;
  #failures = 0;
  /** @type {unknown} */
  #timer;

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  start() {
    this.#next(EVERY_MS);
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
    if (this.parts.hidden()) return;
    try {
      await this.#take(await this.#answer());
      this.#failures = 0;
    } catch {
      this.#failures += 1;
    }
    if (!this.parts.hidden()) this.#next(Math.min(MOST_MS, EVERY_MS * 2 ** this.#failures));
  }

  /** The answer without the instant at which it was given. */
  async #answer() {
    const answer = await this.parts.fetch('/api/registration/now');
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { at: _, ...facts } = await answer.json();
    return JSON.stringify(facts);
  }

  /** The first answer counts as a change too: the page may be older than it. What the page could not show is asked for again.
   * @param {string} facts */
  async #take(facts) {
    if (facts === this.#known) return;
    await this.parts.changed();
    this.#known = facts;
  }
}
