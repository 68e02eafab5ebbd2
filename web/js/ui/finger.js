// A finger gives no warning: what it may be about to press stays put while it rests, and for a while after it left.
// What must not be here: what stays put.

/** After the last touch or scroll, in ms. */
const AFTER = 6_000;
/** And this long at most while one rests on the page: its end is not told when what it rests on has gone, in ms. */
const RESTING = 30_000;

export class Finger {
  /**
   * @param {EventTarget} place  Where its touches count.
   * @param {() => void} released  Called when it is done.
   */
  constructor(place, released) {
    this.released = released;
    this.until = 0;
    this.timer = 0;
    for (const kind of ['touchstart', 'touchmove', 'touchend', 'touchcancel']) {
      place.addEventListener(kind, (event) => this.#until(Date.now() + (/** @type {TouchEvent} */ (event).touches.length ? RESTING : AFTER)), { passive: true });
    }
  }

  get near() {
    return Date.now() < this.until;
  }

  /** What it has set going goes on without it. */
  glides() {
    if (matchMedia('(pointer: coarse)').matches) this.#until(Math.max(this.until, Date.now() + AFTER));
  }

  /** @param {number} until */
  #until(until) {
    this.until = until;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(this.released, until - Date.now() + 50);
  }
}
