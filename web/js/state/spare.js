// When a line is too thin for the picture: the sound goes on alone, and the picture is tried again later. Pure: time comes as a value.
// What must not be here: the video, what the person chose (a picture nobody asked for is never shown).

/** So many times the smallest picture stood still within so long, in ms: the sound goes on alone. */
const STALLS = 4;
const WITHIN = 30_000;
/** Or it stands still for so long, in ms, while so much sound waits, in s: more than there is before a line that is away for both. */
const STILL = 4_000;
const WAITING = 3;
/** The picture is tried again after so long, each time twice as long until the longest, in ms. */
const REST = 60_000;
const LONGEST = 480_000;

export class Spare {
  constructor() {
    /** Whether the sound goes on alone. */
    this.on = false;
    /** @type {number[]} */
    this.stalls = [];
    this.since = 0;
    this.rest = REST;
  }

  /** The stream itself broke off: that says nothing of the line. */
  forget() {
    this.stalls = [];
  }

  /** The smallest picture stood still for want of data. @param {number} now  ms */
  stalled(now) {
    this.stalls = [...this.stalls.filter((one) => now - one < WITHIN), now];
  }

  /**
   * @param {number} now  ms
   * @param {number} still  How long the picture has stood still, in ms; 0: it moves.
   * @param {number} sound  Seconds of sound beyond the end of the picture.
   * @returns {boolean}  Whether that changes what is to be loaded.
   */
  step(now, still, sound) {
    if (this.on) return now - this.since >= this.rest && this.#turn(false, now);
    if (this.rest > REST && now - this.since >= 2 * this.rest) this.rest = REST;
    const thin = this.stalls.length >= STALLS || (still >= STILL && sound >= WAITING);
    return thin && this.#turn(true, now);
  }

  /** The person asks for the picture, now. */
  again() {
    this.on = false;
    this.stalls = [];
    this.rest = REST;
  }

  /** @param {boolean} on @param {number} now */
  #turn(on, now) {
    if (!on) this.rest = Math.min(LONGEST, 2 * this.rest);
    this.on = on;
    this.stalls = [];
    this.since = now;
    return true;
  }
}
