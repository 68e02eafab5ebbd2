// The code that people in the hall type while their session is on, or those of a local hub: asked for at once when the session moves on, else
// now and then, for an operator may replace it. What must not be here: where it is shown.

/** ms between two looks. */
const EVERY = 15_000;

export class HallCode {
  /**
   * @param {import('./api.js').Api} api
   * @param {() => void} changed
   * @param {(fn: () => void, ms: number) => unknown} [later]
   * @param {(session: string) => string} [address]
   */
  constructor(api, changed, later = (fn, ms) => setTimeout(fn, ms), address = addressOf) {
    this.api = api;
    this.changed = changed;
    this.later = later;
    this.address = address;
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
      const { code } = await this.api.get(this.address(this.at));
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

/** Of the local hubs, for their hosts. @param {string} session */
export const hubAddressOf = (session) => `/api/registration/sessions/${encodeURIComponent(session)}/hub-code`;

/** The picture that leads to where the code is typed, or without one to the room page. @param {string} session @param {string} code */
export const pictureOf = (session, code) => `/qr.svg?session=${encodeURIComponent(session)}${code ? `&code=${code}` : ''}`;

/** As it is read aloud. @param {string} code */
export const inTwo = (code) => `${code.slice(0, 3)}\u00a0${code.slice(3)}`;
