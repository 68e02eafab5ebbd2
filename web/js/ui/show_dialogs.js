// The dialogs of the run of show: the hour to move to, and what a command would move before it is given.
// What must not be here: requests (they resolve with what was decided).

import { html } from 'lit';
import { ask } from './dialogs.js';
import { moves, name, span } from './show_words.js';
import { hour, t } from '../i18n.js';

/** @typedef {import('../state/run_of_show.js').Slot} Slot */

/**
 * What was typed as the new beginning; null when the dialog was left. `wrong`: what was typed before and is no hour.
 * @param {Slot} slot @param {string} wrong @returns {Promise<string|null>}
 */
export async function askHour(slot, wrong) {
  const data = await ask(html`<p><strong dir="auto">${name(slot)}</strong> <span class="num quiet">${span(slot)}</span></p>
    <div class="field ${wrong ? 'field--wrong' : ''}"><label class="field__label" for="show-hour">${t('show.hour.label')}</label>
      ${wrong ? html`<p class="field__error" id="show-hour-error">${t('show.hour.wrong', { typed: wrong })}</p>` : ''}
      <input class="field__input num show-hour" id="show-hour" name="hour" inputmode="numeric" autocomplete="off" required autofocus
        aria-describedby=${wrong ? 'show-hour-error' : 'show-hour-help'} .value=${wrong || (slot.starts_at ? hour(slot.starts_at) : '')} @focus=${all}>
      <p class="field__help" id="show-hour-help">${t('show.hour.help')}</p></div>`, t('show.hour.title'), t('show.hour.confirm'), t('show.leave'));
  return data ? String(data.get('hour') ?? '') : null;
}

/** @param {FocusEvent} event */
function all(event) {
  /** @type {HTMLInputElement} */ (event.target).select();
}

/**
 * Whether the command is to be given, after what it would move has been read.
 * @param {string} words  What is about to be done.
 * @param {import('../state/show_changes.js').Change[]} changes
 * @returns {Promise<boolean>}
 */
export async function confirmMoves(words, changes) {
  return (await ask(moves(changes), words, t('show.confirm'), t('show.leave'))) !== null;
}
