// What is to be done about a playing stream at each look: play faster, jump, say that it waits, go on with the sound alone, begin again.
// Pure: what is seen comes as values. What must not be here: the video, where the stream comes from.

import { MotionWatch } from './motion.js';
import { Pace } from './pace.js';
import { Spare } from './spare.js';

/**
 * @typedef {object} Seen
 * @property {number} now  ms
 * @property {number} position  Of the video, in s.
 * @property {boolean} playing  It was said to play, or to wait for data; false: it loads, or something else was said.
 * @property {boolean} waiting  It was said to wait for data.
 * @property {boolean} picture  The person wants a picture.
 * @property {number|null} behind  Seconds behind the source, and those the stream asks for; null: not known.
 * @property {number|null} wanted
 * @property {boolean} smallest  There is no smaller picture than the one that is loaded.
 * @property {number} sound  Seconds of sound beyond the end of the picture.
 */

/**
 * @typedef {object} Todo
 * @property {'playing'|'stalled'|null} say
 * @property {'load'|'begin'|'jump'|null} act  Load what is to be shown now; begin again after a failure; go to the wanted place.
 * @property {number|null} rate  The speed to play at; null: as it is.
 * @property {boolean} froze  It has just begun to stand still for want of data.
 */

export class Care {
  constructor() {
    this.motion = new MotionWatch();
    this.pace = new Pace();
    this.spare = new Spare();
  }

  /** @param {Seen} seen @returns {Todo} */
  look(seen) {
    const how = this.motion.look(seen.position, seen.now);
    const froze = how === 'freezes' && seen.playing;
    if (froze) this.#froze(seen);
    const still = how === 'moves' ? 0 : this.motion.still(seen.now);
    if (seen.playing && seen.picture && this.spare.step(seen.now, still, seen.sound)) return { say: null, act: 'load', rate: null, froze };
    if (how === 'moves') return this.#keepPace(seen);
    const stalls = how === 'stalls' && seen.playing && !seen.waiting;
    return { say: stalls ? 'stalled' : null, act: how === 'gone' ? 'begin' : null, rate: null, froze };
  }

  /** @param {Seen} seen */
  #froze({ now, smallest }) {
    this.pace.stalled(now);
    if (smallest) this.spare.stalled(now);
  }

  /** @param {Seen} seen @returns {Todo} */
  #keepPace({ now, behind, wanted, waiting }) {
    const say = waiting ? 'playing' : null;
    if (behind === null || wanted === null) return { say, act: null, rate: null, froze: false };
    const { rate, jump } = this.pace.step(behind, wanted, now);
    return { say, act: jump ? 'jump' : null, rate, froze: false };
  }
}
