// Tells a moderator who looks elsewhere of new questions: their number before the title of the page, and a sound for who asked for one.
// What must not be here: what the page shows of them.

/** Whether it sounds; each moderator decides for this browser. */
const SOUND = 'tablee.sound';
/** Two sounds are so far apart at least, in ms. */
const APART = 3_000;
/** Hz, seconds, and how loud (0 to 1). */
const [PITCH, LASTING, LOUD] = [660, 0.25, 0.08];
const COUNTED = /^\(\d+\) /;

export class DeskNews {
  constructor() {
    /** Those that waited when the page was last looked at. @type {Set<string>|null} */
    this.seen = null;
    /** Those that waited at the last change. @type {Set<string>} */
    this.known = new Set();
    this.last = 0;
    /** @type {AudioContext|null} */
    this.audio = null;
    document.addEventListener('visibilitychange', () => this.#title());
  }

  get sounding() {
    return localStorage.getItem(SOUND) === 'on';
  }

  /** Turned on, it is heard at once: browsers let a page sound only after a press. */
  toggle() {
    localStorage.setItem(SOUND, this.sounding ? 'off' : 'on');
    if (this.sounding) this.#sound();
  }

  /** @param {import('../state/types.js').Item[]} items */
  look(items) {
    const waiting = new Set(items.filter((item) => item.status === 'queued').map((item) => item.id));
    const fresh = this.seen !== null && [...waiting].some((id) => !this.known.has(id));
    this.known = waiting;
    this.seen ??= waiting;
    if (fresh && this.sounding && Date.now() - this.last > APART) this.#sound();
    this.#title();
  }

  #title() {
    if (!document.hidden) this.seen = this.known;
    const n = [...this.known].filter((id) => !this.seen?.has(id)).length;
    const title = `${n ? `(${n}) ` : ''}${document.title.replace(COUNTED, '')}`;
    if (title !== document.title) document.title = title;
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
