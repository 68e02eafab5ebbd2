// Sends what waits in an outbox, one thing after the other, as soon as the line is there; each is harmless to send again, so that nothing is lost
// when an answer is. What must not be here: what the things are (given as `send`), storage, the page.

import { Problem } from './problem.js';
import { SessionEnded } from './pass.js';
import { pause } from './retry.js';

/** @typedef {import('../state/outbox.js').Entry} Entry */

/**
 * @typedef {object} SenderParts
 * @property {import('../state/outbox.js').Outbox} outbox
 * @property {(entry: Entry) => Promise<unknown>} send  Rejects with why it was not done.
 * @property {(failure: unknown) => string} why  The same for a person.
 * @property {() => void} changed  Told whenever something was sent or refused.
 * @property {(work: () => Promise<void>) => Promise<unknown>} alone  Does the work while no other page of this outbox does it.
 * @property {{set: (fn: () => void, ms: number) => any, clear: (id: any) => void}} timers
 * @property {() => number} random
 */

/**
 * What follows from a failure: the time until the next try in ms, or null: trying again by itself is of no use.
 * @param {unknown} failure @param {number} tries @param {number} chance
 */
export function pauseAfter(failure, tries, chance) {
  if (failure instanceof SessionEnded) return pause(tries, chance);
  if (!(failure instanceof Problem)) return pause(tries, chance);
  if (failure.retryAfter !== null) return Math.max(failure.retryAfter * 1000, pause(0, chance));
  return failure.status === 0 || failure.status === 401 || failure.status === 408 || failure.status >= 500 ? pause(tries, chance) : null;
}

export class OutboxSender {
  #busy = false;
  #again = false;
  #tries = 0;
  /** @type {any} */
  #timer = null;

  /** @param {SenderParts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** Something was put in, or the line is back. */
  async wake() {
    this.parts.timers.clear(this.#timer);
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    try {
      await this.parts.alone(() => this.#drain());
    } finally {
      this.#busy = false;
    }
    if (this.#again) {
      this.#again = false;
      await this.wake();
    }
  }

  async #drain() {
    for (;;) {
      const next = this.parts.outbox.next();
      if (!next) return;
      if (next.wait) return this.#later(next.wait);
      const wait = await this.#one(next.entry);
      this.parts.changed();
      if (wait !== null) return this.#later(wait);
    }
  }

  /** @param {Entry} entry @returns {Promise<number|null>}  The time until the next try; null: on to the next one. */
  async #one(entry) {
    const { outbox, send, why, random } = this.parts;
    try {
      await send(entry);
      outbox.done(entry.key);
      this.#tries = 0;
      return null;
    } catch (failure) {
      const wait = pauseAfter(failure, this.#tries, random());
      this.#tries = wait === null ? 0 : this.#tries + 1;
      if (wait === null) outbox.refuse(entry.key, why(failure));
      return wait;
    }
  }

  /** @param {number} ms */
  #later(ms) {
    this.parts.timers.clear(this.#timer);
    this.#timer = this.parts.timers.set(() => this.wake(), ms);
  }
}
