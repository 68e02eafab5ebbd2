// What the hand on the desk sets going: commands at once or after their dialog, taking back.
// What must not be here: requests (decisions.js), which key means what (desk_hand.js), templates.

import { history, similar } from '../net/commands.js';
import { mute } from '../net/house_commands.js';
import { why } from '../net/problem.js';
import { invite } from '../net/table.js';
import { allowed, leaves, meant, possible } from '../state/possible.js';
import { stepped } from '../state/shortlist.js';
import { announce } from './announce.js';
import { CARD } from './card.js';
import { Decisions } from './decisions.js';
import { DeskDialogs } from './desk_dialogs.js';
import { openHistory } from './desk_history.js';
import { DeskPicks } from './desk_picks.js';
import { t } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/**
 * @typedef {object} Desk  The element that is acted on.
 * @property {import('../state/types.js').Live|null} live
 * @property {string|null} chosen
 * @property {boolean} removed
 * @property {boolean} officer
 * @property {import('./desk_hand.js').DeskHand} hand
 * @property {Promise<unknown>} updateComplete
 * @property {import('./desk_shelves.js').DeskShelves} shelves
 * @property {() => void} requestUpdate
 */

/** What changes the order of the shortlist. */
const ORDERING = ['shortlist', 'unlist', 'cue', 'uncue', 'undo'];
/** What changes which questions are picked. */
const PICKING = ['pick', 'gather', 'drop', 'all'];

export class DeskActs {
  /** @param {HTMLElement & Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.decisions = new Decisions(() => desk.requestUpdate());
    this.picks = new DeskPicks(desk);
    this.dialogs = new DeskDialogs({
      item: (id) => desk.live?.items[id], items: () => this.#all(), removed: () => desk.removed, reasons: () => desk.live?.reasons ?? [], speakers: () => (desk.live?.session.participants ?? []).map(({ name }) => name),
      similar: async (text) => (this.decisions.session ? similar(this.decisions.session.api, this.decisions.session.session, text) : []),
      send: (items, command, more) => this.send(items, command, more),
    });
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
    else if (meaning === 'screens') this.desk.dispatchEvent(new CustomEvent('screens'));
    else if (meaning === 'find') document.getElementById('desk-find')?.focus();
    else if (PICKING.includes(meaning)) this.picks.mean(meaning, id);
    else if (this.picks.ids.size) await this.#together(meaning);
    else await this.one(id, meaning);
  }

  #all() {
    return Object.values(this.desk.live?.items ?? {});
  }

  /** @param {string|null} id @param {string} word */
  async one(id, word) {
    const item = this.desk.live?.items[id ?? ''];
    if (!item) return;
    const command = meant(item, word);
    if (command === 'invite') await this.#invite(item);
    else if (command === 'history') await this.#asked(() => this.#history(item.id));
    else if (command === 'mute' || command === 'unmute') await this.#mute(item, command === 'mute');
    else if (command === 'erase' && this.desk.officer) await this.#asked(() => this.dialogs.ask('erase', [item]));
    else if (command === 'back') this.decisions.refused(item.undo ? await this.send([item], 'undo', {}) : '');
    else if (command === 'earlier' || command === 'later') await this.#step(item, command);
    else if (allowed(item, this.desk.removed).includes(command)) await this.#command(item, command);
  }

  /** Its author, to the table. @param {Item} item */
  async #invite(item) {
    const { session } = this.decisions;
    if (!session) return;
    this.decisions.refused(await invite(session.api, session.session, { question: item.id }).then((seat) => { session.learn('seat', seat); return ''; }, why));
  }

  /** All that are picked, with which it can be done. @param {string} command */
  async #together(command) {
    const items = this.picks.for(command);
    if (items.length > (command === 'merge' ? 1 : 0)) await this.#asked(() => (this.dialogs.has(command) ? this.dialogs.ask(command, items) : this.#told(items, command)));
  }

  /** @param {Item} item @param {string} command */
  async #command(item, command) {
    if (this.dialogs.has(command)) return this.#asked(() => this.dialogs.ask(command, [item]));
    const other = command === 'cue' ? this.#all().find((one) => one.cued_at && one.status === 'published') : undefined;
    if (other) await this.send([other], 'uncue', {}); // one is next: undone step by step
    if (leaves(item, command)) this.desk.hand.goOn(item.id);
    await this.#told([item], command);
  }

  /** One place up or down on the shortlist. @param {Item} item @param {'earlier'|'later'} way */
  async #step(item, way) {
    const after = stepped(this.#all(), item.id, way);
    if (after !== undefined) await this.#told([item], 'shortlist', { after });
    this.desk.hand.focus();
  }

  /** A question that was let go over the desk. @param {Item} item @param {string} command @param {Record<string, unknown>} more */
  async drop(item, command, more) {
    if (!possible(item, command, this.desk.removed)) return;
    this.desk.hand.choose(command === 'merge' ? String(more['into']) : item.id);
    await this.#told([item], command, more);
  }

  /** @param {Item[]} items @param {string} command @param {Record<string, unknown>} [more] */
  async #told(items, command, more = {}) {
    this.decisions.refused(await this.send(items, command, more));
  }

  /** The card that a dialog would give the keyboard back to may be gone. @param {() => Promise<unknown>} dialog */
  async #asked(dialog) {
    await dialog();
    await this.desk.updateComplete;
    this.desk.hand.focus();
  }

  /** @param {string} id */
  async #history(id) {
    const { session } = this.decisions;
    if (!session) return;
    await openHistory(id, {
      item: (one) => this.desk.live?.items[one], history: (one) => history(session.api, one), undo: (item) => this.send([item], 'undo', {}),
    });
  }

  /** @param {Item} item @param {boolean} on */
  async #mute(item, on) {
    const { session } = this.decisions;
    try {
      if (session) await mute(session.api, item.id, on);
      announce(t(on ? 'act.mute' : 'act.unmute'));
    } catch (failure) {
      this.decisions.refused(why(failure));
    }
  }

  /** What merges does not go into itself. @param {Item[]} items @param {string} command @param {Record<string, unknown>} more @returns {Promise<string>} */
  send(items, command, more) {
    const may = items.filter((item) => item.id !== more['into'] && (command === 'undo' || command === 'erase' || possible(item, command, this.desk.removed)));
    return this.decisions.send(may, command, more).finally(() => {
      if (ORDERING.includes(command)) this.desk.shelves.settle('shortlist'); // one's own order is seen at once, also under one's hand
      this.picks.done(may);
    });
  }

  async undo() {
    const id = await this.decisions.undo();
    this.desk.shelves.settle('shortlist');
    if (!id) return;
    await this.desk.updateComplete;
    this.desk.hand.choose(id);
  }
}
