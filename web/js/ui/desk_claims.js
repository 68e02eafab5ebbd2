// Says to colleagues which question is being read here: once the hand rests on it, again while it does, no more when it goes on.
// What must not be here: what a colleague's page shows of it (card.js).

import { claim } from '../net/commands.js';
import { CLAIM_SECONDS } from '../state/tables.js';

/** The hand rests when it has been on a question so long, in ms. */
const RESTS = 700;

export class DeskClaims {
  constructor() {
    /** @type {import('../net/api.js').Api|null} */
    this.api = null;
    /** The question that the hand is on. @type {string|null} */
    this.on = null;
    /** The one that colleagues see as read here. @type {string|null} */
    this.mine = null;
    this.timer = 0;
  }

  /** @param {string|null} id */
  follow(id) {
    if (id === this.on) return;
    this.on = id;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#say(), RESTS);
  }

  async #say() {
    const { api, on, mine } = this;
    if (!api) return;
    if (mine && mine !== on) claim(api, mine, false).catch(() => {}); // it ends by itself
    this.mine = on;
    if (!on) return;
    this.timer = window.setTimeout(() => this.#say(), (CLAIM_SECONDS * 1000) / 2);
    if (document.hidden) return; // whoever looks elsewhere does not read; they may come back
    const answer = await claim(api, on, true).catch(() => null); // advice only: nothing waits for it
    if (!answer?.yours && this.mine === on) this.mine = null;
  }
}
