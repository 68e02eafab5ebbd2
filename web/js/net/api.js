// Commands and readings over HTTP: the pass on each request, refusals as Problem, harmless repeats when the line fails.
// What must not be here: addresses of commands (commands.js), the page.

import { Problem, Unreachable, readProblem } from './problem.js';
import { TRIES, pause } from './retry.js';

/** Statuses that say "not now": the same request may be sent again. */
const NOT_NOW = new Set([502, 503, 504]);
/** No single answer is waited for longer, in ms. */
const PATIENCE = 12_000;

export class Api {
  /**
   * @param {object} deps
   * @param {typeof fetch} deps.fetch
   * @param {import('./pass.js').PassKeeper} deps.passes
   * @param {string} deps.lang
   * @param {(ms: number) => Promise<void>} [deps.sleep]
   * @param {() => number} [deps.random]
   * @param {number} [deps.tries]  1: whoever asks decides when to try again.
   */
  constructor({ fetch, passes, lang, sleep = (ms) => new Promise((done) => setTimeout(done, ms)), random = Math.random, tries = TRIES }) {
    this.fetch = fetch;
    this.passes = passes;
    this.lang = lang;
    this.sleep = sleep;
    this.random = random;
    this.tries = tries;
  }

  /**
   * Sends a request that does no harm when it arrives twice, again and again (at most `tries` times) until it is answered.
   * Rejects with Problem, Unreachable or SessionEnded.
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {(n: number) => void} [waiting]  Told before each further try.
   * @returns {Promise<any>}
   */
  async send(method, path, body, waiting = () => {}) {
    let renewed = false;
    for (let n = 0; ; n++) {
      const answer = await this.#once(method, path, body);
      if (answer instanceof Response) {
        if (answer.ok) return answer.status === 204 ? null : answer.json();
        if (answer.status === 401 && !renewed) {
          renewed = true;
          await this.passes.renew();
          continue;
        }
        if (!NOT_NOW.has(answer.status) || n + 1 >= this.tries) throw await readProblem(answer);
      } else if (n + 1 >= this.tries) throw answer;
      waiting(n + 1);
      await this.sleep(pause(n, this.random()));
    }
  }

  /** @param {string} path @returns {Promise<any>} */
  get(path) {
    return this.send('GET', path);
  }

  /** A file, asked for once: another one follows soon, or whoever wants it asks again. @param {string} path @returns {Promise<Blob>} */
  async file(path) {
    const answer = await this.#once('GET', path, undefined);
    if (answer instanceof Unreachable) throw answer;
    if (!answer.ok) throw await readProblem(answer);
    return answer.blob();
  }

  /** An offer of a picture and a sound, sent once, and the answer with the address of what began (RFC 9725). @param {string} path @param {string} sdp */
  async offer(path, sdp) {
    const answer = await this.#once('POST', path, sdp, 'application/sdp');
    if (answer instanceof Unreachable) throw answer;
    if (!answer.ok) throw await readProblem(answer);
    return { sdp: await answer.text(), where: answer.headers.get('Location') ?? '' };
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} body
   * @param {string} [type]  Of a body that is text already.
   * @returns {Promise<Response|Unreachable>}
   */
  async #once(method, path, body, type = '') {
    try {
      const { pass } = await this.passes.current();
      return await this.fetch(path, {
        method,
        cache: 'no-cache', // what may have changed since is asked for, not remembered
        credentials: 'same-origin',
        keepalive: method === 'DELETE', // what a page gives up while it goes
        signal: AbortSignal.timeout(PATIENCE),
        headers: {
          Authorization: `Bearer ${pass}`,
          Accept: 'application/json, application/problem+json',
          'Accept-Language': this.lang,
          ...(body === undefined ? {} : { 'Content-Type': type || 'application/json' }),
        },
        ...(body === undefined ? {} : { body: type ? /** @type {string} */ (body) : JSON.stringify(body) }),
      });
    } catch (failure) {
      if (failure instanceof TypeError || failure instanceof DOMException) return new Unreachable();
      throw failure;
    }
  }
}

export { Problem, Unreachable };
