// What is on and what comes next in every hall, and the sessions there are: public readings, asked for when something has changed.
// What must not be here: the page, the pass.

/** @typedef {import('../state/choices.js').Choice} Choice */
/** @typedef {{now: string[], next: string[], stages: Record<string, {now: string|null, next: string|null}>}} Moment */

/** No answer is waited for longer, in ms. */
const PATIENCE = 12_000;

export class Day {
  /** @param {typeof fetch} send */
  constructor(send = globalThis.fetch.bind(globalThis)) {
    this.send = send;
    /** @type {Moment|null} */
    this.moment = null;
    /** @type {Choice[]} */
    this.sessions = [];
    /** @type {import('../state/run_of_show.js').Places} */
    this.places = { stages: [], rooms: [], rehearsal: false };
  }

  /** Reads both anew; false while the line is down: what is known stays. @returns {Promise<boolean>} */
  async look() {
    try {
      const [moment, programme] = await Promise.all([this.#get('/api/registration/now'), this.#get('/api/registration/programme')]);
      this.moment = moment;
      this.sessions = programme.sessions;
      this.places = { stages: programme.event.stages, rooms: programme.event.rooms, rehearsal: programme.rehearsal };
      return true;
    } catch {
      return false;
    }
  }

  /** The cache is asked whether it is still right: an import must not wait for its time. @param {string} path */
  async #get(path) {
    const answer = await this.send(path, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new TypeError(`${path}: ${answer.status}`);
    return answer.json();
  }
}
