// What the desk says of the last decision, where the eyes are: done, with the way back; or refused, and why. A template only.
// What must not be here: how long it stays (decisions.js).

import { html, nothing } from 'lit';
import { t } from '../i18n.js';

/** @typedef {{words: string, refused: boolean, back: boolean}} Toast  `back`: it can be taken back. */

/** @param {Toast|null} toast @param {() => void} undo */
export function deskToast(toast, undo) {
  if (!toast) return nothing;
  return html`<div class="toast ${toast.refused ? 'toast--refused' : ''}"><span role=${toast.refused ? 'alert' : nothing}>${toast.words}</span>
    ${toast.back ? html`<button type="button" class="button button--small" @click=${undo}>${t('desk.undo')} <kbd aria-hidden="true">${t('key.undo')}</kbd></button>` : nothing}</div>`;
}
