// Which groups of the desk keep still: the one with a pointer over it or the keyboard in it; after a touch all of them, for a while.
// What must not be here: what keeping still means (state/desk.js).

import { Finger } from './finger.js';

export class DeskLock {
  /** @param {HTMLElement} desk @param {() => void} released  Called when a hand has left a group. */
  constructor(desk, released) {
    this.desk = desk;
    this.released = released;
    /** The group the pointer is over. @type {string|null} */
    this.over = null;
    this.finger = new Finger(desk, released);
    desk.addEventListener('pointerover', (event) => this.#pointer(event, groupAt(event.target)));
    desk.addEventListener('pointerleave', (event) => this.#pointer(event, null));
    desk.addEventListener('focusout', () => setTimeout(released));
  }

  /** @param {string} group */
  held(group) {
    const focused = document.activeElement;
    const here = this.desk.contains(focused) && focused?.matches(':focus-visible') ? groupAt(focused) : null;
    return group === this.over || group === here || this.finger.near;
  }

  /** @param {PointerEvent} event @param {string|null} group */
  #pointer(event, group) {
    if (event.pointerType === 'touch' || group === this.over) return;
    this.over = group;
    this.released();
  }
}

/** @param {EventTarget|null} target */
function groupAt(target) {
  const found = /** @type {Element|null} */ (target)?.closest?.('[data-group]');
  return /** @type {HTMLElement|null|undefined} */ (found)?.dataset.group ?? null;
}
