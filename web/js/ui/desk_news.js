// Tells a moderator who looks elsewhere of new questions: their number before the title of the page, and a sound for who asked for one.
// What must not be here: what the page shows of them.

import { News } from '../state/news.js';
import { keep, kept } from './kept.js';
import { countInTitle } from './page_title.js';

/** Whether it sounds; each moderator decides for this browser. */
const SOUND = 'sound';
/** Two sounds are so far apart at least, in ms. */
const APART = 3_000;
/** Hz, seconds, and how loud (0 to 1). */
const [PITCH, LASTING, LOUD] = [660, 0.25, 0.08];

export class DeskNews {
  constructor() {
    this.news = new News();
    /** Those that waited at the last change; null: nothing is known yet. @type {Set<string>|null} */
    this.known = null;
    this.last = 0;
    /** @type {AudioContext|null} */
    this.audio = null;
    document.addEventListener('visibilitychange', () => this.#count());
  }

  get sounding() {
    return kept(SOUND) === 'on';
  }

  /** Turned on, it is heard at once: browsers let a page sound only after a press. */
  toggle() {
    keep(SOUND, this.sounding ? 'off' : 'on');
    if (this.sounding) this.#sound();
  }

  /** @param {import('../state/types.js').Item[]} items */
  look(items) {
    const before = this.known;
    this.known = new Set(items.filter((item) => item.status === 'queued').map((item) => item.id));
    const fresh = before !== null && [...this.known].some((id) => !before.has(id));
    if (fresh && this.sounding && Date.now() - this.last > APART) this.#sound();
    this.#count();
  }

  #count() {
    if (this.known) countInTitle(this.news.count([...this.known], !document.hidden));
  }

  async #sound() {
    this.last = Date.now();
    this.audio ??= new AudioContext();
    if (this.audio.state === 'suspended') await this.audio.resume();
    const { audio } = this;
    const [tone, loud] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = PITCH;
    loud.gain.setValueAtTime(LOUD, audio.currentTime);
    loud.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + LASTING);
    tone.connect(loud).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + LASTING);
  }
}
