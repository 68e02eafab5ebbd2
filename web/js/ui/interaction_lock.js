// Keeps a list still while a person may be about to press something in it: a pointer over it, keyboard focus in it, a recent touch.
// What must not be here: what the list shows.

/** A finger gives no warning: the list stays put this long after the last touch or scroll, in ms. */
const FINGER = 6_000;
/** And this long at most while one rests on the page: its end is not told when what it rests on has gone, in ms. */
const RESTING = 30_000;

export class InteractionLock {
  /**
   * @param {HTMLElement} list
   * @param {() => void} released  Called when the person is done with the list.
   */
  constructor(list, released) {
    this.list = list;
    this.released = released;
    this.over = false;
    this.until = 0;
    this.timer = 0;
    list.addEventListener('pointerenter', (event) => this.#pointer(event, true));
    list.addEventListener('pointerleave', (event) => this.#pointer(event, false));
    list.addEventListener('focusout', () => setTimeout(() => this.locked() || this.released()));
    for (const kind of /** @type {const} */ (['touchstart', 'touchmove', 'touchend', 'touchcancel'])) {
      addEventListener(kind, (event) => this.#finger(Date.now() + (event.touches.length ? RESTING : FINGER)), { passive: true });
    }
    addEventListener('scroll', () => this.#finger(Math.max(this.until, Date.now() + FINGER)), { passive: true });
  }

  locked() {
    const focused = this.list.contains(document.activeElement) && document.activeElement?.matches(':focus-visible');
    return this.over || Boolean(focused) || Date.now() < this.until;
  }

  /** @param {PointerEvent} event @param {boolean} over */
  #pointer(event, over) {
    if (event.pointerType === 'touch') return;
    this.over = over;
    if (!this.locked()) this.released();
  }

  /** @param {number} until */
  #finger(until) {
    if (!matchMedia('(pointer: coarse)').matches) return;
    this.until = until;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.locked() || this.released(), until - Date.now() + 50);
  }
}
