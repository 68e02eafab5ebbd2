// What the host of a hall, or a desk at the door, did and the platform does not have yet: in order, each thing a record of its own in the store, so that a reload loses
// nothing and two pages of one host overwrite nothing of each other. Bounded. What must not be here: requests, words, the page.

/**
 * @typedef {{kind: 'ask', session: string, id: string, text: string, name: string, language: string}} AskDeed
 * @typedef {{kind: 'count', session: string, question: string, hands: number}} CountDeed
 * @typedef {{kind: 'poll', session: string, poll: string, counts: Record<string, number>, people: number}} PollDeed
 * @typedef {{kind: 'people', people: number}} PeopleDeed
 * @typedef {AskDeed|CountDeed|PollDeed|PeopleDeed|DoorDeed} Deed
 * @typedef {{kind: 'scan', nonce: string, way: 'entry'|'exit', ticket?: string, person?: string, place: string, desk: string, insist: boolean}
 *   |{kind: 'walk_in', nonce: string, name: string, language: string, image_rights: string, place: string, desk: string}
 *   |{kind: 'undo', nonce: string, undoes: string, desk: string}} DoorDeed  What a desk at the door did: each is a thing of its own.
 *
 * @typedef {object} Entry
 * @property {string} key  Sorts as things were done.
 * @property {number} at  When it was done by the clock of the platform, as far as it was known then, in ms.
 * @property {number} ripe  Not to be sent before, by the device's clock, in ms: who counts presses a button many times.
 * @property {string} refused  Why the platform did not take it; '' while it waits.
 * @property {Deed} deed
 *
 * @typedef {Pick<Storage, 'getItem'|'setItem'|'removeItem'|'key'|'length'>} Drawer
 */

/** Things that wait, at most. */
export const MOST = 100;
/** A count is sent when it was left alone for so long, in ms. */
export const SETTLES = 900;
/** What is pressed many times before it is meant; everything else is sent at once. @type {Set<string>} */
const COUNTED = new Set(['count', 'poll', 'people']);
const DIGITS = 15;

export class Outbox {
  /**
   * @param {Drawer} drawer
   * @param {string} owner  Whose it is: another host on the same device has another one.
   * @param {{now: () => number, skew: () => number, mark: () => string, most?: number}} given  The device's clock, what the platform's is ahead
   *   of it, some letters that no other page makes, how many things may wait.
   */
  constructor(drawer, owner, { now, skew, mark, most = MOST }) {
    this.drawer = drawer;
    this.prefix = `tablee.outbox.${owner}.`;
    this.given = { now, skew, mark };
    this.most = most;
    /** What could not be stored lives as long as the page. @type {Map<string, Entry>} */
    this.loose = new Map();
    this.last = 0;
  }

  /** In the order in which things were done. @returns {Entry[]} */
  all() {
    const found = new Map([...this.#stored().map((entry) => /** @type {[string, Entry]} */ ([entry.key, entry])), ...this.loose]);
    return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  waiting() {
    return this.all().filter(({ refused }) => !refused);
  }

  refused() {
    return this.all().filter(({ refused }) => refused);
  }

  /** Whether a reload would lose something. */
  get fragile() {
    return this.loose.size > 0;
  }

  /** The newest that was done about the same thing and is still here. @param {string} subject  As `about`. @returns {Entry|undefined} */
  of(subject) {
    return this.all().findLast(({ deed }) => about(deed) === subject);
  }

  /**
   * Keeps what was done; of counts of the same thing only the last one. A question keeps the time at which it was first written.
   * @param {Deed} deed
   * @param {number} [at]
   * @returns {boolean}  Whether there was room.
   */
  put(deed, at = this.given.now() + this.given.skew()) {
    const before = this.all();
    const same = before.filter((entry) => about(entry.deed) === about(deed));
    if (before.length - same.length >= this.most) return false;
    const now = this.given.now();
    this.#write({ key: this.#key(now), at, ripe: COUNTED.has(deed.kind) ? now + SETTLES : now, refused: '', deed });
    for (const { key } of same) this.done(key);
    return true;
  }

  /** The platform has it, or the host gave it up. @param {string} key */
  done(key) {
    this.loose.delete(key);
    try {
      this.drawer.removeItem(this.prefix + key);
    } catch {
      // forbidden storage held nothing
    }
  }

  /** The platform did not take it: it stays to be read, changed, tried again or given up. @param {string} key @param {string} words */
  refuse(key, words) {
    const entry = this.all().find((one) => one.key === key);
    if (entry) this.#write({ ...entry, refused: words });
  }

  /** What was refused is tried again, last in line. @param {string} key */
  again(key) {
    const entry = this.all().find((one) => one.key === key);
    if (entry) this.put(entry.deed, entry.at);
  }

  /** What is sent next, and in how many ms; null: nothing waits. @returns {{entry: Entry, wait: number}|null} */
  next() {
    const [entry] = this.waiting();
    return entry ? { entry, wait: Math.min(Math.max(0, entry.ripe - this.given.now()), SETTLES) } : null;
  }

  /** @param {Entry} entry */
  #write(entry) {
    this.loose.delete(entry.key);
    try {
      this.drawer.setItem(this.prefix + entry.key, JSON.stringify(entry));
    } catch {
      this.loose.set(entry.key, entry);
    }
  }

  /** @returns {Entry[]} */
  #stored() {
    try {
      const names = Array.from({ length: this.drawer.length }, (_, n) => this.drawer.key(n) ?? '');
      return names.filter((name) => name.startsWith(this.prefix)).flatMap((name) => read(this.drawer.getItem(name)));
    } catch {
      return [];
    }
  }

  /** After all others, whatever the clock says. @param {number} now */
  #key(now) {
    const newest = Number(this.all().at(-1)?.key.slice(0, DIGITS) ?? 0);
    this.last = Math.max(now, newest + 1, this.last + 1);
    return `${String(this.last).padStart(DIGITS, '0')}.${this.given.mark()}`;
  }
}

/** @param {string|null} text @returns {Entry[]}  None where it is no record of ours. */
function read(text) {
  try {
    const entry = JSON.parse(text ?? '');
    return typeof entry.key === 'string' && typeof entry.at === 'number' && typeof entry.deed?.kind === 'string' ? [entry] : [];
  } catch {
    return [];
  }
}

/** What it is about: the last word about a thing is the one that counts. @param {Deed} deed */
export function about(deed) {
  if (deed.kind === 'people') return 'people';
  if ('nonce' in deed) return `${deed.kind} ${deed.nonce}`;
  return `${deed.kind} ${deed.kind === 'ask' ? deed.id : deed.kind === 'count' ? deed.question : deed.poll}`;
}
