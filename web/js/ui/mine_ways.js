// What the author of a question may do with it now, and its whole story when they ask for it. Templates, and the story as it comes.
// What must not be here: requests (given), other words for it (editing.js).

import { html, nothing } from 'lit';
import { why } from '../net/problem.js';
import { AMENDABLE, EDITABLE, RETRACTABLE } from '../state/tables.js';
import { at, language, t } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {{at: string, sentences: Record<string, string>}} Line */

/**
 * @typedef {object} Deeds  Requests of one's own; each rejects with why it was not done.
 * @property {(item: Item, text: string, command: 'edit'|'amend') => Promise<unknown>} change
 * @property {(item: Item, command: 'withdraw'|'appeal'|'erase') => Promise<unknown>} act
 * @property {(id: string) => Promise<Line[]>} history
 */

/** @param {Item} item @param {string} act @param {string} [kind] */
const button = (item, act, kind = 'button--quiet') => html`<button type="button" class="button button--small ${kind}" data-act=${act} data-id=${item.id}>${t(`mine.${act}`)}</button>`;

/** @param {Item} item @param {boolean} erasing  Whether it was asked for and is still to be meant. */
export function ways(item, erasing) {
  const { status } = item;
  const appeal = status === 'declined' && !item.appealed;
  if (status === 'erased') return nothing;
  if (erasing) return html`<p class="small" role="alert">${t('mine.erase.help')}</p><p class="buttons mine__ways">${button(item, 'erase.yes', 'button--danger')}${button(item, 'erase.no')}</p>`;
  return html`${appeal ? html`<p class="small quiet">${t('mine.appeal.help')}</p>` : nothing}
    <p class="buttons mine__ways">${appeal ? button(item, 'appeal', '') : nothing}
      ${EDITABLE.includes(status) ? button(item, 'edit') : AMENDABLE.includes(status) ? button(item, 'amend') : nothing}
      ${RETRACTABLE.includes(status) ? button(item, 'withdraw') : nothing}${button(item, 'erase')}</p>`;
}

export class Stories {
  /** @param {(id: string) => Promise<Line[]>} read @param {() => void} changed */
  constructor(read, changed) {
    this.read = read;
    this.changed = changed;
    /** @type {Map<string, {told: string, lines: Line[], words: string}>} */
    this.known = new Map();
  }

  /** @param {Item} item @param {string} told  What of it was told: another one is asked for anew. */
  async #open(item, told) {
    if (this.known.get(item.id)?.told === told) return;
    this.known.set(item.id, { told, lines: this.known.get(item.id)?.lines ?? [], words: '' });
    /** @type {[Line[], string]} */
    const [lines, words] = await this.read(item.id).then((found) => [found, ''], (failure) => [[], why(failure)]);
    this.known.set(item.id, { told, lines, words });
    this.changed();
  }

  /** @param {Item} item @param {string} told */
  of(item, told) {
    const known = this.known.get(item.id);
    if (known && known.told !== told) this.#open(item, told);
    return html`<details class="mine__story small" @toggle=${(/** @type {Event} */ event) => /** @type {HTMLDetailsElement} */ (event.target).open && this.#open(item, told)}>
      <summary>${t('mine.story')}</summary>${known?.words ? html`<p class="field__error">${known.words}</p>` : nothing}
      <ol class="plain">${(known?.lines ?? []).map((line) => html`<li><time class="quiet num" datetime=${line.at}>${at('mine.story.at', line.at)}</time> ${line.sentences[language()] ?? Object.values(line.sentences)[0]}</li>`)}</ol></details>`;
  }
}
