// What a desk at the door knows while it has no line: whose tickets there are for today (sealed, see net/door_list.js), who is in, and what a scan
// comes to. What must not be here: ciphers, requests, words.

/**
 * @typedef {'in'|'again'|'out'|'not_in'|'undone'|'unknown'|'withdrawn'|'unconfirmed'|'other_door'|'other_day'|'unreadable'} Told
 * @typedef {{id: string, name: string, door: string, image_rights: string|null, days?: string[]}} Guest
 * @typedef {{at: string, desk: string}} First
 * @typedef {{told: Told, person: Guest|null, first: First|null}} Verdict
 * @typedef {{event: string, day: string, made_at: string, salt: string, places: {id: string, title: string, language: string}[],
 *   people: Record<string, string>, inside: [string, string, string, string][]}} SealedList
 * @typedef {{index: string, kind: 'entry'|'exit', place: string, at: string, desk: string}} Passage
 */

const SIGNS = /^[0-9A-HJKMNP-TV-Z]{16}$/;

/** A code as it was typed or scanned, without its dashes and with what is easily mistaken put right; '' where it cannot be one. @param {string} text */
export function plainCode(text) {
  const found = text.trim().toUpperCase().replace(/[- ]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return SIGNS.test(found) ? found : '';
}

/** How a person must be warned of it: let in, let in or not after a look, not let in. @param {Told} told @returns {'good'|'look'|'bad'|'calm'} */
export function weightOf(told) {
  if (told === 'in') return 'good';
  if (told === 'out' || told === 'undone') return 'calm';
  return ['again', 'not_in', 'other_day', 'other_door'].includes(told) ? 'look' : 'bad';
}

export class DoorBook {
  constructor() {
    /** Who is in: place and index → by which scan. @type {Map<string, First>} */
    this.inside = new Map();
    /** What this desk did, to be taken back: nonce → what was there before. @type {Map<string, {key: string, before: First|undefined}>} */
    this.done = new Map();
  }

  /** What the platform knew when the list was made; what this desk did and has not been sent stays. @param {SealedList} list @param {Passage[]} waiting */
  learn(list, waiting) {
    this.inside = new Map(list.inside.map(([index, place, at, desk]) => [`${place} ${index}`, { at, desk }]));
    for (const one of waiting) this.#apply(one);
  }

  /**
   * What a scan comes to, as far as this desk knows. @param {Passage} passage @param {Guest|null} person  null: no such ticket in the list.
   * @param {string} today @returns {Verdict}
   */
  judge(passage, person, today) {
    if (!person) return { told: 'unknown', person: null, first: null };
    const first = this.inside.get(`${passage.place} ${passage.index}`) ?? null;
    if (passage.kind === 'exit') return { told: first ? 'out' : 'not_in', person, first: null };
    if (first) return { told: 'again', person, first };
    const days = person.days ?? [];
    return { told: days.length && !days.includes(today) ? 'other_day' : 'in', person, first: null };
  }

  /** It was done. @param {string} nonce @param {Passage} passage */
  mark(nonce, passage) {
    const key = `${passage.place} ${passage.index}`;
    this.done.set(nonce, { key, before: this.inside.get(key) });
    this.#apply(passage);
  }

  /** It was taken back. @param {string} nonce */
  unmark(nonce) {
    const found = this.done.get(nonce);
    this.done.delete(nonce);
    if (!found) return;
    if (found.before) this.inside.set(found.key, found.before);
    else this.inside.delete(found.key);
  }

  /** @param {Passage} passage */
  #apply({ index, kind, place, at, desk }) {
    const key = `${place} ${index}`;
    if (kind === 'exit') this.inside.delete(key);
    else if (!this.inside.has(key)) this.inside.set(key, { at, desk });
  }
}
