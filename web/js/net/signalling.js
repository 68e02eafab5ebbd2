// What one end of a call tells the other, over HTTP, in the order it was said: one message at a time, the newest call's only.
// What must not be here: what is told (peer.js), the feed that brings the other end's.

/** @typedef {import('./peer.js').Told} Told */

/** What waits at most; a call that has more to say than this is made anew. */
const MOST_WAITING = 30;

export class Signalling {
  /** @param {import('./api.js').Api} api @param {string} seat  Its id. @param {'seat'|'studio'} from */
  constructor(api, seat, from) {
    this.api = api;
    this.seat = seat;
    this.from = from;
    /** @type {Told[]} */
    this.waiting = [];
    this.sending = false;
  }

  /** @param {Told} told */
  tell(told) {
    if (this.waiting.length >= MOST_WAITING) this.waiting.shift();
    this.waiting.push(told);
    if (!this.sending) this.#send();
  }

  /** What was not sent yet is of no use any more. */
  forget() {
    this.waiting.length = 0;
  }

  async #send() {
    this.sending = true;
    for (let told = this.waiting.shift(); told; told = this.waiting.shift()) {
      const body = { from: this.from, kind: told.kind, data: JSON.stringify({ call: told.call, client: told.client, body: told.body }) };
      await this.api.send('POST', `/api/qa/seats/${encodeURIComponent(this.seat)}/signals`, body).catch(() => this.forget()); // the call is made anew
    }
    this.sending = false;
  }
}

/** A frame of the feed as a peer takes it; null for what is none. @param {import('../state/types.js').Signal} signal @returns {Told|null} */
export function told({ kind, data }) {
  try {
    const { call, client, body } = JSON.parse(data);
    return { kind, call: String(call), client: String(client), body };
  } catch {
    return null;
  }
}
