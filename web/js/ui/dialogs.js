// Dialogs over a page, and the two of the moderation desk: the reason for declining a question, and its new wording.
// What must not be here: requests (they resolve with what was decided).

import { html, nothing, render } from 'lit';
import { t } from '../i18n.js';
import { MOST_CHARACTERS, MOST_NOTE_CHARACTERS, REASONS } from '../state/tables.js';

/** @typedef {import('../state/types.js').Item} Item */

/**
 * Opens a dialog over the page; resolves with its form's data, or null when it was left. Focus goes back where it was.
 * @param {unknown} body
 * @param {string} title
 * @param {string} confirm
 * @param {string} [leave]  The words for changing nothing; empty: there is nothing to change.
 * @returns {Promise<FormData|null>}
 */
export function ask(body, title, confirm, leave = t('dialog.cancel')) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  render(html`<form method="dialog" class="stack">
    <h2 id="dialog-title">${title}</h2>${body}
    <div class="buttons dialog__buttons"><button class="button button--primary" value="yes">${confirm}</button>
      ${leave ? html`<button class="button button--quiet" value="no" formnovalidate>${leave}</button>` : nothing}</div>
  </form>`, dialog);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      const form = dialog.querySelector('form');
      resolve(dialog.returnValue === 'yes' && form ? new FormData(form) : null);
      dialog.remove();
    });
  });
}

/** @param {Item} item @returns {Promise<{reason: string, note?: string}|null>} */
export async function askReason(item) {
  const data = await ask(html`
    <blockquote class="dialog__quote">${item.text}</blockquote>
    <fieldset class="stack stack--tight"><legend class="field__label">${t('decline.reason')}</legend>
      <div class="choices choices--two">${REASONS.map((reason, n) => html`<label class="choice"><input type="radio" name="reason" value=${reason} required ?autofocus=${n === 0}>
        <span class="choice__body"><span class="choice__title">${t(`reason.${reason}`)}</span></span></label>`)}</div></fieldset>
    <div class="field"><label class="field__label" for="decline-note">${t('decline.note')}</label>
      <textarea class="field__input" id="decline-note" name="note" maxlength=${MOST_NOTE_CHARACTERS} rows="2"></textarea>
      <p class="field__help">${t('decline.help')}</p></div>`, t('decline.title'), t('decline.confirm'));
  if (!data) return null;
  const note = String(data.get('note') ?? '').trim();
  return { reason: String(data.get('reason')), ...(note ? { note } : {}) };
}

/** @param {Item} item @returns {Promise<string|null>} */
export async function askWords(item) {
  const data = await ask(html`
    <div class="field"><label class="field__label" for="rephrase-text">${t('rephrase.label')}</label>
      <textarea class="field__input" id="rephrase-text" name="text" required maxlength=${MOST_CHARACTERS} rows="5" autofocus .value=${item.text}></textarea>
      <p class="field__help">${t('rephrase.help')}</p></div>`, t('rephrase.title'), t('rephrase.confirm'));
  return data ? String(data.get('text') ?? '').trim() || null : null;
}

/**
 * The keys, in words; with `letters`, a switch for those that are letters. Resolves with how it stands then, or null when nothing was
 * confirmed.
 * @param {[string, string][]} keys
 * @param {boolean} [letters]
 */
export async function showHelp(keys, letters) {
  const data = await ask(html`<dl class="keys">${keys.map(([key, words]) => html`<dt><kbd>${key}</kbd></dt><dd>${words}</dd>`)}</dl>
    ${letters === undefined ? nothing : html`<label class="switch"><input type="checkbox" name="letters" .checked=${letters}> <span>${t('help.letters')}</span></label>`}`,
  t('help.title'), t('help.close'), '');
  return data && data.has('letters');
}
