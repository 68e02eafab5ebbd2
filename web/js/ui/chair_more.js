// What the chair may do besides with a question, folded below it: its place in the order, whom it is for, an answer for later or in writing.
// What must not be here: what each dialog asks (desk_forms.js), the two buttons of the thumb (chair.js).

import { html, nothing } from 'lit';
import { similar } from '../net/commands.js';
import { allowed } from '../state/possible.js';
import { stepped } from '../state/shortlist.js';
import { DeskDialogs } from './desk_dialogs.js';
import { t } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {import('../state/types.js').Live} Live */

/** What leading a session is, besides the stage itself; those with a dialog last. */
const WAYS = ['shortlist', 'earlier', 'later', 'unlist', 'assign', 'defer', 'write'];

export class ChairMore {
  /** @param {() => Live|null} live @param {import('./decisions.js').Decisions} decisions */
  constructor(live, decisions) {
    this.live = live;
    this.decisions = decisions;
    this.dialogs = new DeskDialogs({
      item: (id) => live()?.items[id], items: () => this.#items(), removed: () => this.#removed, reasons: () => [],
      speakers: () => (live()?.session.participants ?? []).map(({ name }) => name),
      similar: async (text) => (decisions.session ? similar(decisions.session.api, decisions.session.session, text) : []),
      send: (items, command, more) => decisions.send(items, command, more),
    });
  }

  #items() {
    return Object.values(this.live()?.items ?? {});
  }

  get #removed() {
    return this.live()?.session.removed ?? false;
  }

  /** @param {Item} item */
  of(item) {
    const may = allowed(item, this.#removed);
    const ways = WAYS.filter((way) => (way === 'earlier' || way === 'later' ? this.#after(item, way) !== undefined : may.includes(way)));
    if (!ways.length) return nothing;
    return html`<details class="chair__more small"><summary>${t('chair.more')}</summary><p class="buttons">${ways.map((way) => html`<button type="button" class="button button--small"
      data-way=${way} ?disabled=${this.decisions.busy.has(item.id)} @click=${() => this.#go(item, way)}>${t(`command.${way}`)}</button>`)}</p></details>`;
  }

  /** Says in an open dialog what is true now. */
  refresh() {
    this.dialogs.refresh();
  }

  /** @param {Item} item @param {'earlier'|'later'} way */
  #after(item, way) {
    return stepped(this.#items(), item.id, way);
  }

  /** @param {Item} item @param {string} way */
  async #go(item, way) {
    if (this.dialogs.has(way)) await this.dialogs.ask(way, [item]);
    else if (way === 'earlier' || way === 'later') this.decisions.refused(await this.decisions.send([item], 'shortlist', { after: this.#after(item, way) }));
    else this.decisions.refused(await this.decisions.send([item], way));
  }
}
