// The code that people in the hall type while their session is on: asked for at once when the session moves on, else now and then, for an
// operator may replace it. What must not be here: where it is shown.

/** ms between two looks. */
const EVERY = 15_000;

export class HallCode {
  /**
   * @param {import('./api.js').Api} api
   * @param {() => void} changed
   * @param {(fn: () => void, ms: number) => unknown} [later]
   */
  constructor(api, changed, later = (fn, ms) => setTimeout(fn, ms)) {
    this.api = api;
    this.changed = changed;
    this.later = later;
    this.code = '';
    this.at = '';
    this.turn = 0;
  }

  /** @param {string} session  Empty: none is on. @param {string} progress */
  follow(session, progress) {
    const at = progress === 'on' ? session : '';
    if (at === this.at) return;
    this.at = at;
    this.code = '';
    this.look();
  }

  /** A line that is down leaves the code as it is: it is true until the session ends. */
  async look() {
    const turn = ++this.turn;
    if (!this.at) return;
    try {
      const { code } = await this.api.get(addressOf(this.at));
      if (turn === this.turn && code !== this.code) {
        this.code = code;
        this.changed();
      }
    } catch {
      // asked again below
    }
    if (turn === this.turn) this.later(() => turn === this.turn && this.look(), EVERY);
  }
}

/** @param {string} session */
export const addressOf = (session) => `/api/registration/sessions/${encodeURIComponent(session)}/hall-code`;

/** As it is read aloud. @param {string} code */
export const inTwo = (code) => `${code.slice(0, 3)}\u00a0${code.slice(3)}`;
