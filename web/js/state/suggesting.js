// When to ask what is asked already while somebody types, and which answer is still wanted: the last one. Pure but for the timer it is given.
// What must not be here: the request (given as `find`), the page.

import { MOST_CHARACTERS } from './tables.js';

/** @typedef {{id: string, text: string, votes: number, score: number}} Similar */
/** @typedef {{set: (fn: () => void, ms: number) => any, clear: (id: any) => void}} Timer */

/** So long nothing is typed before it is asked, in ms. */
export const STILL = 400;
/** Shorter texts say too little. */
export const LEAST_CHARACTERS = 12;

export class Suggesting {
  /**
   * @param {Timer} timer
   * @param {(text: string) => Promise<Similar[]>} find
   * @param {(found: Similar[]) => void} show
   */
  constructor(timer, find, show) {
    this.timer = timer;
    this.find = find;
    this.show = show;
    /** @type {any} */
    this.planned = null;
    this.asked = '';
  }

  /** @param {string} typed */
  type(typed) {
    const text = typed.trim();
    if (text === this.asked) return;
    this.asked = text;
    this.timer.clear(this.planned);
    const length = [...text].length;
    // longer ones are refused when they are sent
    if (length < LEAST_CHARACTERS || length > MOST_CHARACTERS) this.show([]);
    else this.planned = this.timer.set(() => this.#ask(text), STILL);
  }

  /** A failure is no news for somebody who writes: then nothing is offered. @param {string} text */
  async #ask(text) {
    const found = await this.find(text).catch(() => []);
    if (text === this.asked) this.show(found);
  }
}
