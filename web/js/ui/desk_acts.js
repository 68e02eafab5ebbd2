// What the hand on the desk sets going: commands at once or after their dialog, taking back.
// What must not be here: requests (decisions.js), which key means what (desk_hand.js), templates.

import { LEADS_TO } from '../state/tables.js';
import { allowed } from './card.js';
import { Decisions } from './decisions.js';
import { DeskDialogs } from './desk_dialogs.js';

/** @typedef {import('../state/types.js').Item} Item */

/**
 * @typedef {object} Desk  The element that is acted on.
 * @property {import('../state/types.js').Live|null} live
 * @property {string|null} chosen
 * @property {boolean} removed
 * @property {import('./desk_hand.js').DeskHand} hand
 * @property {Promise<unknown>} updateComplete
 * @property {() => void} requestUpdate
 */

export class DeskActs {
  /** @param {HTMLElement & Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.decisions = new Decisions(() => desk.requestUpdate());
    this.dialogs = new DeskDialogs({ item: (id) => desk.live?.items[id], removed: () => desk.removed, send: (items, command, more) => this.#send(items, command, more) });
    desk.addEventListener('click', ({ target }) => this.#press(/** @type {Element} */ (target)));
  }

  /** @param {Element} target */
  #press(target) {
    const button = /** @type {HTMLElement|null} */ (target.closest('[data-command]'));
    if (button && this.desk.chosen) this.act(this.desk.chosen, button.dataset.command ?? '');
  }

  /** @param {string|null} id @param {string} meaning */
  async act(id, meaning) {
    const item = this.desk.live?.items[id ?? ''];
    if (meaning === 'undo') await this.undo();
    else if (meaning === 'find') document.getElementById('desk-find')?.focus();
    else if (item && allowed(item, this.desk.removed).includes(meaning)) await this.#command(item, meaning);
  }

  /** @param {Item} item @param {string} command */
  async #command(item, command) {
    if (command === 'rephrase' || command === 'decline') {
      await (command === 'rephrase' ? this.dialogs.rephrase(item) : this.dialogs.decline([item]));
      await this.desk.updateComplete;
      this.desk.hand.focus(); // the card that the dialog would give the keyboard back to may be gone
      return;
    }
    if ((LEADS_TO[command] ?? item.status) !== item.status) this.desk.hand.goOn(item.id);
    this.decisions.refused(await this.#send([item], command, {}));
  }

  /** @param {Item[]} items @param {string} command @param {Record<string, unknown>} more */
  async #send([item], command, more) {
    return item ? this.decisions.send(item, command, more) : '';
  }

  async undo() {
    const id = await this.decisions.undo();
    if (!id) return;
    await this.desk.updateComplete;
    this.desk.hand.choose(id);
  }
}
