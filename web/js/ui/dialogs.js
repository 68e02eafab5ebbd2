// Dialogs over a page: those that ask, those that stay open until what they ask for is done, the one that shows the keys.
// What must not be here: what is asked (desk_dialogs.js, show_dialogs.js), requests.

import { html, nothing, render } from 'lit';
import { t } from '../i18n.js';

/** @typedef {{title: string, body: unknown, confirm: string, leave: string}} Contents  Empty words: no such button. */

/**
 * Opens a dialog over the page. `done` resolves with its form's data, or null when it was left; focus goes back where it was.
 * @param {() => Contents} contents  Asked again at each `draw`; what a person typed stays.
 * @param {(data: FormData) => Promise<boolean>} [carryOut]  Whether it was done; else the dialog stays, with all that was typed.
 * @returns {{draw: () => void, done: Promise<FormData|null>}}
 */
export function openDialog(contents, carryOut) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  const submit = (/** @type {SubmitEvent} */ event) => {
    if (carryOut && submitterOf(event)?.value === 'yes') tryOut(event, dialog, carryOut);
  };
  const draw = () => render(frame(contents(), submit), dialog);
  draw();
  document.body.append(dialog);
  dialog.showModal();
  return { draw, done: closed(dialog) };
}

/** @param {Contents} contents @param {(event: SubmitEvent) => void} submit */
function frame({ title, body, confirm, leave }, submit) {
  return html`<form method="dialog" class="stack" @submit=${submit} @keydown=${sendByKeys}>
    <h2 id="dialog-title">${title}</h2>${body}
    <div class="buttons dialog__buttons">${confirm ? html`<button class="button button--primary" value="yes">${confirm}</button>` : nothing}
      ${leave ? html`<button class="button button--quiet" value="no" formnovalidate ?autofocus=${!confirm}>${leave}</button>` : nothing}</div>
  </form>`;
}

/** @param {HTMLDialogElement} dialog @returns {Promise<FormData|null>} */
function closed(dialog) {
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      const form = dialog.querySelector('form');
      resolve(dialog.returnValue === 'yes' && form ? new FormData(form) : null);
      dialog.remove();
    });
  });
}

/** @param {SubmitEvent} event */
const submitterOf = (event) => /** @type {HTMLButtonElement|null} */ (event.submitter);

/** Open until it is done; one try at a time. @param {SubmitEvent} event @param {HTMLDialogElement} dialog @param {(data: FormData) => Promise<boolean>} carryOut */
async function tryOut(event, dialog, carryOut) {
  event.preventDefault();
  const button = submitterOf(event);
  if (!button || button.ariaDisabled === 'true') return;
  button.ariaDisabled = 'true';
  const done = await carryOut(new FormData(/** @type {HTMLFormElement} */ (event.target)));
  button.ariaDisabled = 'false';
  if (done) dialog.close('yes');
}

/** As in the field of whoever asks. @param {KeyboardEvent} event */
function sendByKeys(event) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  event.preventDefault();
  const button = form.querySelector('button[value=yes]');
  if (button) form.requestSubmit(/** @type {HTMLButtonElement} */ (button));
}

/**
 * A dialog that only asks: it is left with its answer.
 * @param {unknown} body
 * @param {string} title
 * @param {string} confirm
 * @param {string} [leave]  The words for changing nothing; empty: there is nothing to change.
 */
export function ask(body, title, confirm, leave = t('dialog.cancel')) {
  return openDialog(() => ({ body, title, confirm, leave })).done;
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
