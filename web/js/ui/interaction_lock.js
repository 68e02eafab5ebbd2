// Keeps a list still while a person may be about to press something in it: a pointer over it, keyboard focus in it, a recent touch.
// What must not be here: what the list shows.

import { Finger } from './finger.js';

export class InteractionLock {
  /**
   * @param {HTMLElement} list
   * @param {() => void} released  Called when the person is done with the list.
   */
  constructor(list, released) {
    this.list = list;
    this.released = released;
    this.over = false;
    this.finger = new Finger(window, () => this.#left());
    list.addEventListener('pointerenter', (event) => this.#pointer(event, true));
    list.addEventListener('pointerleave', (event) => this.#pointer(event, false));
    list.addEventListener('focusout', () => setTimeout(() => this.#left()));
    addEventListener('scroll', () => this.finger.glides(), { passive: true });
  }

  locked() {
    const focused = this.list.contains(document.activeElement) && document.activeElement?.matches(':focus-visible');
    return this.over || Boolean(focused) || this.finger.near;
  }

  /** @param {PointerEvent} event @param {boolean} over */
  #pointer(event, over) {
    if (event.pointerType === 'touch') return;
    this.over = over;
    this.#left();
  }

  #left() {
    if (!this.locked()) this.released();
  }
}
