// The hand on the desk: its keys, the chosen question, the keyboard that is never lost, and no card that slips away under a pointer.
// What must not be here: what a command does, what is shown.

import { keysOf, moved, neighbour } from '../state/keys.js';
import { CARD } from './card.js';
import { help, lettersAreKeys } from './desk_help.js';
import { t } from '../i18n.js';

/** @typedef {import('../state/tables.js').Column} Column */
/** @typedef {Record<Column, string[]>} Columns */

/**
 * @typedef {object} Desk  The element the hand is on.
 * @property {string|null} chosen
 * @property {Column} tab
 * @property {Promise<unknown>} updateComplete
 * @property {{present: () => Columns}} shelves  The questions that can be chosen.
 * @property {(id: string|null, meaning: string) => unknown} act  Carries out what is no movement.
 */

const MOVES = ['up', 'down', 'left', 'right'];
/** With the key Alt: the place on the shortlist. @type {Record<string, string>} */
const WITH_ALT = { ArrowUp: 'earlier', ArrowDown: 'later' };
/** What may be asked for from anywhere on the page: what decides nothing, and what cannot wait and is undone by the same key. */
const HARMLESS = [...MOVES, 'help', 'find', 'screens'];

export class DeskHand {
  /** @param {HTMLElement & Desk} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {Columns} */
    this.columns = { waiting: [], published: [], running: [] };
    /** Whether the keyboard goes to the chosen question once it is there: the one it was on has left. */
    this.follow = false;
    this.key = (/** @type {KeyboardEvent} */ event) => this.#key(event);
    desk.addEventListener('focusin', ({ target }) => this.#touched(target));
    desk.addEventListener('click', ({ target }) => this.#touched(target));
  }

  /** When the chosen question leaves its column, whoever moved it, its neighbour is chosen before it is gone. */
  stay() {
    const { desk } = this;
    const [before, now] = [this.columns, desk.shelves.present()];
    this.columns = now;
    const name = names(before).find((one) => desk.chosen && before[one].includes(desk.chosen));
    if (!desk.chosen || !name || now[name].includes(desk.chosen)) return;
    this.follow = document.getElementById(CARD + desk.chosen)?.contains(document.activeElement) ?? false;
    desk.chosen = neighbour(before[name], now[name], desk.chosen);
    desk.tab = name;
  }

  updated() {
    if (!this.follow) return;
    this.follow = false;
    this.focus();
  }

  /** @param {string|null} id */
  choose(id) {
    const { desk } = this;
    desk.chosen = id;
    desk.tab = names(this.columns).find((one) => id && this.columns[one].includes(id)) ?? desk.tab;
    if (id) desk.updateComplete.then(() => this.focus());
  }

  /** Before a question is decided the hand goes on to its neighbour: the next key means that one. @param {string} id */
  goOn(id) {
    const columns = this.desk.shelves.present();
    const name = names(columns).find((one) => columns[one].includes(id));
    const next = name && neighbour(columns[name], columns[name].filter((other) => other !== id), id);
    if (next && this.desk.chosen === id) this.choose(next);
  }

  /** The keyboard goes to the chosen question, or to the head of its column where there is none. */
  focus() {
    const { chosen, tab } = this.desk;
    const target = document.getElementById(chosen ? CARD + chosen : `column-${tab}`);
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: 'nearest' });
  }

  /** What is touched is chosen and stays under the pointer, though another one folds. @param {EventTarget|null} target */
  #touched(target) {
    const { desk } = this;
    const found = /** @type {HTMLElement|null} */ (/** @type {Element} */ (target).closest(`[id^="${CARD}"]`));
    const id = found?.id.slice(CARD.length);
    if (!found || !id || desk.chosen === id) return;
    const before = found.getBoundingClientRect().top;
    desk.chosen = id;
    desk.updateComplete.then(() => scrollerOf(found).scrollBy(0, found.getBoundingClientRect().top - before));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { desk } = this;
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || document.querySelector('dialog[open]')) return;
    if (target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]') || !(target === document.body || desk.contains(target))) return;
    const meaning = event.altKey ? WITH_ALT[event.key] : keysOf((word) => t(`key.${word}`))[event.key];
    if (!meaning || (event.key.length === 1 && event.key !== '?' && !lettersAreKeys())) return;
    if (!HARMLESS.includes(meaning) && !desk.contains(target)) return; // from outside, keys lead here and decide nothing
    event.preventDefault();
    this.#mean(meaning, event.shiftKey);
  }

  /** With shift, what is passed is picked. @param {string} meaning @param {boolean} shift */
  #mean(meaning, shift) {
    const { desk } = this;
    if (meaning === 'help') help();
    else if (!MOVES.includes(meaning)) desk.act(desk.chosen, meaning);
    else {
      const to = moved(desk.shelves.present(), desk.chosen, meaning);
      if (shift) for (const id of [desk.chosen, to]) desk.act(id, 'gather');
      this.choose(to);
    }
  }
}

/** @param {Columns} columns */
const names = (columns) => /** @type {Column[]} */ (Object.keys(columns));

/** What scrolls around it. @param {Element} one @returns {Element} */
function scrollerOf(one) {
  for (let at = one.parentElement; at; at = at.parentElement) {
    if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.scrollingElement ?? document.documentElement;
}
