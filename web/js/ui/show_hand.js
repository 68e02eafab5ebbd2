// The hand on the run of show: its keys, the chosen session, the keyboard focus that is never lost.
// What must not be here: what an act does.

import { stepped } from '../state/show_keys.js';
import { help, showKeys } from './show_bar.js';
import { ROW } from './show_row.js';

/**
 * @typedef {object} Show  The element the hand is on.
 * @property {string|null} chosen
 * @property {Promise<unknown>} updateComplete
 * @property {import('./show_commands.js').ShowCommands|null} commands
 * @property {() => string|null} current
 * @property {(id: string, act: import('../state/show_keys.js').Act) => Promise<void>} act
 */

export class ShowHand {
  /** @param {HTMLElement & Show} show */
  constructor(show) {
    this.show = show;
    show.addEventListener('keydown', (event) => this.#key(event));
    show.addEventListener('focusin', ({ target }) => {
      const found = /** @type {HTMLElement} */ (target);
      if (found.matches(':focus-visible')) show.chosen = found.closest('.show-row')?.id.slice(ROW.length) ?? show.chosen;
    });
  }

  /** On the chosen session, else on the whole. */
  focus() {
    const { show } = this;
    const found = (show.chosen && show.querySelector(`#${CSS.escape(ROW + show.chosen)}`)) || show.querySelector('.show');
    /** @type {HTMLElement|null} */ (found)?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /** @type {HTMLElement} */ (event.target).matches('input, textarea, select')) return;
    const meaning = showKeys()[event.key];
    if (!meaning) return;
    event.preventDefault();
    this.#mean(meaning);
  }

  /** @param {string} meaning */
  #mean(meaning) {
    const { show } = this;
    if (meaning === 'help') {
      help();
      return;
    }
    if (show.commands?.busy) return; // a dialog is on its way
    if (meaning === 'undo') show.commands?.undo().then(() => this.focus());
    else if (meaning === 'now') this.#choose(show.current());
    else if (['up', 'down', 'left', 'right'].includes(meaning)) this.#choose(stepped(this.#shown(), show.chosen, meaning));
    else if (show.chosen) show.act(show.chosen, /** @type {import('../state/show_keys.js').Act} */ (meaning));
  }

  /** @param {string|null} id */
  #choose(id) {
    this.show.chosen = id;
    this.show.updateComplete.then(() => this.focus());
  }

  /** The sessions that can be seen, by column. @returns {string[][]} */
  #shown() {
    return [...this.show.querySelectorAll('.show__column')].map((column) => [...column.querySelectorAll('.show-row')].map(({ id }) => id.slice(ROW.length)));
  }
}
