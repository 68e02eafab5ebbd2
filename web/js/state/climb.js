// When a larger picture may be tried: the bytes that come for it say little where a picture is still, for then they are few and small.
// What counts is the share of its time that a part takes to come. Pure: time comes as a value. What must not be here: hls.js.

/** So many parts of one size tell enough. */
const ENOUGH = 8;
/** A part that takes at most so much of its time leaves room for a larger picture; one that takes so much is too large. */
const EASY = 0.5;
const HARD = 0.8;
/** How much the newest part counts. */
const NEWEST = 0.25;
/** After the picture stood still a larger one is not tried for so long, each time twice as long until the longest, in ms. */
const REST = 5_000;
const LONGEST = 160_000;
/** Without a stall for so long, the next one is the first again, in ms. */
const CALM = 120_000;

export class Climb {
  constructor() {
    /** The smallest picture that is loaded; what the bytes say counts above it. */
    this.floor = 0;
    this.level = -1;
    this.parts = 0;
    this.share = 0;
    this.rest = REST;
    this.stalledAt = -CALM;
  }

  /** A part has come. @param {number} level @param {number} took  s, from its first byte to its last @param {number} lasts  s */
  came(level, took, lasts) {
    if (level !== this.level) this.#begin(level);
    const share = took / lasts;
    this.share = this.parts ? this.share + NEWEST * (share - this.share) : share;
    this.parts += 1;
  }

  /** The picture stood still for want of data. @param {number} now  ms */
  stalled(now) {
    this.rest = now - this.stalledAt > CALM ? REST : Math.min(LONGEST, 2 * this.rest);
    this.stalledAt = now;
    this.floor = 0;
    this.#begin(this.level);
  }

  /**
   * @param {number} now  ms
   * @param {number[]} rates  The bit rate that each size of the picture may have, from the smallest that is allowed to the largest.
   * @returns {number}  The smallest picture to load from now on.
   */
  step(now, rates) {
    this.floor = Math.max(0, Math.min(this.floor, rates.length - 1));
    const [rate, next] = [rates[this.level], rates[this.level + 1]];
    if (this.parts < ENOUGH || rate === undefined) return this.floor;
    if (this.share > HARD) this.floor = 0;
    else if (next !== undefined && this.share * (next / rate) <= EASY && now - this.stalledAt >= this.rest) this.floor = this.level + 1;
    return this.floor;
  }

  /** @param {number} level */
  #begin(level) {
    this.level = level;
    this.parts = 0;
  }
}
