// The short-lived pass that the services trust: fetched with the session cookie, renewed before it ends, one request at a time.
// What must not be here: what a pass allows, the page, the feed.

/** Renew this long before the end, in ms. */
const AHEAD = 90_000;
/** Never renew more often than this, in ms: a wrong clock must not become a flood. */
const LEAST = 20_000;
/** Nor later than this, in ms. */
const MOST = 8 * 60_000;
/** After a failed renewal, in ms. */
const AGAIN = 10_000;

/** The session has ended: only a personal link opens a new one. */
export class SessionEnded extends Error {}

/**
 * @typedef {object} Pass
 * @property {string} pass
 * @property {string|number} expires_at
 * @property {{id: string, name: string, duty: string, door: string, language: string, people: number}} person
 * @property {string} feed_url
 * @property {Record<string, string>} hls_urls  By stage.
 */

/**
 * How long a pass lasts, in ms. The server's own clock (its Date header) counts, not the device's.
 * @param {string|number} expiresAt  ISO text, or seconds since 1970.
 * @param {string|null} date
 * @param {number} now
 */
export function lifetime(expiresAt, date, now) {
  const end = typeof expiresAt === 'number' ? expiresAt * 1000 : Date.parse(expiresAt);
  const server = date ? Date.parse(date) : Number.NaN;
  const left = end - (Number.isNaN(server) ? now : server);
  return Number.isNaN(left) ? MOST : left;
}

/** Keeps a valid pass. `ended` is called once, when the session is over. */
export class PassKeeper {
  /**
   * @param {object} deps
   * @param {typeof fetch} deps.fetch
   * @param {() => number} [deps.now]
   * @param {(fn: () => void, ms: number) => unknown} [deps.later]
   * @param {(pass: Pass) => void} [deps.renewed]
   * @param {() => void} [deps.ended]
   */
  constructor({ fetch, now = Date.now, later = (fn, ms) => setTimeout(fn, ms), renewed = () => {}, ended = () => {} }) {
    this.fetch = fetch;
    this.now = now;
    this.later = later;
    this.renewed = renewed;
    this.ended = ended;
    /** @type {Pass|null} */
    this.pass = null;
    this.until = 0;
    /** What the server's clock is ahead of the device's, in ms, within a second; null: not known. @type {number|null} */
    this.skew = null;
    /** @type {Promise<Pass>|null} */
    this.flight = null;
    this.over = false;
    this.timer = 0;
  }

  /** A pass that is still good, fetched if need be. Rejects with SessionEnded, or the network's own error. */
  async current() {
    if (this.pass && this.now() < this.until - AHEAD / 3) return this.pass;
    return this.renew();
  }

  /** A new pass, even if the present one is still valid. */
  renew() {
    this.flight ??= this.#ask().finally(() => {
      this.flight = null;
    });
    return this.flight;
  }

  async #ask() {
    if (this.over) throw new SessionEnded();
    const answer = await this.fetch('/api/registration/pass', { method: 'POST', credentials: 'same-origin' });
    if (answer.status === 401 || answer.status === 403) {
      this.over = true;
      this.ended();
      throw new SessionEnded();
    }
    if (!answer.ok) throw new TypeError(`pass: ${answer.status}`);
    const pass = /** @type {Pass} */ (await answer.json());
    const date = answer.headers.get('Date');
    const left = lifetime(pass.expires_at, date, this.now());
    if (date) this.skew = Date.parse(date) - this.now();
    this.pass = pass;
    this.until = this.now() + left;
    this.#plan(Math.min(Math.max(left - AHEAD, LEAST), MOST));
    this.renewed(pass);
    return pass;
  }

  /** @param {number} wait */
  #plan(wait) {
    const turn = ++this.timer;
    this.later(() => {
      if (turn !== this.timer || this.over) return;
      this.renew().catch(() => this.over || this.#plan(AGAIN));
    }, wait);
  }
}
