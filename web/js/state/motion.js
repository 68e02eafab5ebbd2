// Whether a picture moves: it stands still from the last look at which it had moved. Pure: time comes as a value.
// What must not be here: the video, what to do about it.

/** Without any movement for so long it wants more room, then it is a stall in words, then a reason to begin again, in ms. */
const FREEZE = 700;
const STALL = 2_500;
const GIVE_UP = 12_000;

/** @typedef {'moves'|'waits'|'freezes'|'stalls'|'gone'} Motion  What is new at this look; `waits`: nothing is. */

export class MotionWatch {
  constructor() {
    this.position = -1;
    this.moved = 0;
    /** @type {Motion} */
    this.last = 'moves';
  }

  /** It is given the whole time again: something was done about it. @param {number} now  ms */
  begin(now) {
    this.moved = now;
    this.last = 'moves';
  }

  /** ms since it moved. @param {number} now */
  still(now) {
    return now - this.moved;
  }

  /** @param {number} position  Of the video, in s. @param {number} now  ms @returns {Motion} */
  look(position, now) {
    if (position !== this.position) {
      this.position = position;
      this.begin(now);
      return 'moves';
    }
    const still = this.still(now);
    const how = still > GIVE_UP ? 'gone' : still > STALL ? 'stalls' : still > FREEZE ? 'freezes' : 'waits';
    if (how === this.last) return 'waits';
    this.last = how;
    return how;
  }
}
