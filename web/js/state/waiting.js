// How long one still has to wait, and when that is over: an instant, and words for each second. Pure but for its timer, which is given.
// What must not be here: words, the page.

/** @typedef {{set: (fn: () => void, ms: number) => unknown, clear: (id: any) => void, now: () => number}} Clock */

export class Waiting {
  /** @param {Clock} clock @param {(left: number) => void} tell  Told whole seconds that are left, each second, 0 at last. */
  constructor(clock, tell) {
    this.clock = clock;
    this.tell = tell;
    this.until = 0;
    /** @type {unknown} */
    this.timer = null;
  }

  /** @param {number} seconds */
  begin(seconds) {
    this.until = this.clock.now() + seconds * 1000;
    this.#step();
  }

  /** Whole seconds. */
  left() {
    return Math.max(0, Math.ceil((this.until - this.clock.now()) / 1000));
  }

  stop() {
    this.clock.clear(this.timer);
    this.until = 0;
  }

  #step() {
    this.clock.clear(this.timer);
    const left = this.left();
    this.tell(left);
    if (left) this.timer = this.clock.set(() => this.#step(), this.until - this.clock.now() - (left - 1) * 1000);
  }
}
