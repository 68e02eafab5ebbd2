// How far behind the source a picture may be, and what brings it back there: played a little faster, or one jump. Pure: time comes as a value.
// What must not be here: the video, hls.js.

/** Faster playing that catches up: with the pitch kept it is hardly heard. */
export const FASTER = 1.1;
/** More than this behind what is wanted is jumped over: played faster it would last longer than 20 s. In s. */
const JUMP = 2;
/** For so long it must have been that far behind, in ms: the estimate moves while playlists come. */
const SURE = 1_500;
/** Between two jumps, in ms. */
const REST = 5_000;
/** Faster from here on, as before from there on, in s behind what is wanted. */
const FAST_FROM = 0.4;
const FAST_UNTIL = 0.1;
/** A stall shows that the line needs more room: so much more, at most so much, and so long until the room is tried smaller again. */
const ROOM = 0.5;
const MOST_ROOM = 3;
const CALM = 20_000;

/** @typedef {{rate: number, jump: boolean}} Step  The speed to play at, and whether to jump to the wanted place first. */

export class Pace {
  constructor() {
    /** Seconds more behind the source than the stream asks for. */
    this.room = 0;
    this.calmSince = 0;
    this.farSince = 0;
    this.jumpedAt = -REST;
    this.fast = false;
  }

  /** The picture stood still for want of data. @param {number} now  ms */
  stalled(now) {
    this.room = Math.min(MOST_ROOM, this.room + ROOM);
    this.calmSince = now;
    this.farSince = 0;
  }

  /** @param {number} wanted  Seconds behind the source that the stream asks for. */
  target(wanted) {
    return wanted + this.room;
  }

  /**
   * @param {number} behind  Seconds behind the source.
   * @param {number} wanted  As in `target`.
   * @param {number} now  ms
   * @returns {Step}
   */
  step(behind, wanted, now) {
    this.#shrink(now);
    const excess = behind - this.target(wanted);
    if (excess <= JUMP) this.farSince = 0;
    else this.farSince ||= now;
    if (this.farSince && now - this.farSince >= SURE && now - this.jumpedAt >= REST) {
      this.jumpedAt = now;
      this.farSince = 0;
      this.fast = false;
      return { rate: 1, jump: true };
    }
    if (excess > FAST_FROM) this.fast = true;
    if (excess < FAST_UNTIL) this.fast = false;
    return { rate: this.fast ? FASTER : 1, jump: false };
  }

  /** @param {number} now */
  #shrink(now) {
    if (!this.room || now - this.calmSince < CALM) return;
    this.room = Math.max(0, this.room - ROOM);
    this.calmSince = now;
  }
}
