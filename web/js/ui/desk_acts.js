// What the hand on the desk sets going: commands at once or after their dialog, taking back.
// What must not be here: requests (decisions.js), which key means what (desk_hand.js), templates.

import { LEADS_TO } from '../state/tables.js';
import { CARD, allowed } from './card.js';
import { Decisions } from './decisions.js';
import { DeskDialogs } from './desk_dialogs.js';
import { DeskPicks } from './desk_picks.js';

/** @typedef {import('../state/types.js').Item} Item */

/**
 * @typedef {object} Desk  The element that is acted on.
 * @property {import('../state/types.js').Live|null} live
 * @property {string|null} chosen
 * @property {boolean} removed
 * @property {import('./desk_hand.js').DeskHand} hand
 * @property {Promise<unknown>} updateComplete
 * @property {import('./desk_shelves.js').DeskShelves} shelves
 * @property {() => void} requestUpdate
 */

/** What changes which questions are picked. */
const PICKING = ['pick', 'gather', 'drop', 'all'];

export class DeskActs {
  /** @param {HTMLElement & Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.decisions = new Decisions(() => desk.requestUpdate());
    this.picks = new DeskPicks(desk);
    this.dialogs = new DeskDialogs({ item: (id) => desk.live?.items[id], removed: () => desk.removed, send: (items, command, more) => this.#send(items, command, more) });
    desk.addEventListener('click', ({ target }) => this.#press(/** @type {Element} */ (target)));
  }

  /** @param {Element} target */
  #press(target) {
    const button = /** @type {HTMLElement|null} */ (target.closest('[data-command], [data-many]'));
    const { command, many } = button?.dataset ?? {};
    if (many) this.act(null, many);
    else if (command) this.one(this.desk.chosen, command);
    else if (target.matches('.card__pick input')) this.picks.mean('pick', target.closest(`[id^="${CARD}"]`)?.id.slice(CARD.length) ?? null);
  }

  /** @param {string|null} id @param {string} meaning */
  async act(id, meaning) {
    if (meaning === 'undo') await this.undo();
    else if (meaning === 'find') document.getElementById('desk-find')?.focus();
    else if (PICKING.includes(meaning)) this.picks.mean(meaning, id);
    else if (this.picks.ids.size) await this.#together(meaning);
    else await this.one(id, meaning);
  }

  /** @param {string|null} id @param {string} meaning */
  async one(id, meaning) {
    const item = this.desk.live?.items[id ?? ''];
    if (item && meaning === 'back' && item.undo) this.decisions.refused(await this.#send([item], 'undo', {}));
    else if (item && allowed(item, this.desk.removed).includes(meaning)) await this.#command(item, meaning);
  }

  /** All that are picked, with which it can be done. @param {string} command */
  async #together(command) {
    const items = this.picks.for(command);
    if (!items.length) return;
    if (command === 'decline') await this.dialogs.decline(items);
    else this.decisions.refused(await this.#send(items, command, {}));
    await this.desk.updateComplete;
    this.desk.hand.focus();
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
  #send(items, command, more) {
    const may = items.filter((item) => command === 'undo' || allowed(item, this.desk.removed).includes(command));
    return this.decisions.send(may, command, more).finally(() => this.picks.done(may));
  }

  async undo() {
    const id = await this.decisions.undo();
    if (!id) return;
    await this.desk.updateComplete;
    this.desk.hand.choose(id);
  }
}
