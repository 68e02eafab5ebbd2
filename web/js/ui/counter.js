// A number that a thumb makes larger or smaller, or that is typed. Templates only.
// What must not be here: what is counted.

import { html, nothing } from 'lit';
import { typedNumber } from '../state/hub.js';
import { t } from '../i18n.js';

/**
 * @param {object} how
 * @param {string} how.id
 * @param {string} how.label  For ears.
 * @param {number} how.value
 * @param {number} how.most
 * @param {number} [how.least]
 * @param {(value: number) => void} how.change
 * @param {string} [how.describedby]
 */
export function counter({ id, label, value, most, least = 0, change, describedby = '' }) {
  /** @param {number} by */
  const step = (by) => {
    const next = Math.min(Math.max(value + by, least), most);
    if (next !== value) change(next);
  };
  /** @param {Event} event */
  const typed = (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const next = typedNumber(field.value, most);
    if (next === null || next < least || next === value) field.value = String(value);
    else change(next);
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  };
  return html`<div class="counter" role="group" aria-label=${label}>
    <button type="button" class="button counter__step" aria-disabled=${value > least ? 'false' : 'true'} @click=${() => step(-1)}><span aria-hidden="true">−</span><span class="visually-hidden">${t('hub.fewer')}</span></button>
    <input class="field__input counter__number num" id=${id} type="text" inputmode="numeric" autocomplete="off" maxlength="4" aria-label=${label} aria-describedby=${describedby || nothing}
      .value=${String(value)} @change=${typed} @keydown=${key} @focus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()}>
    <button type="button" class="button counter__step" aria-disabled=${value < most ? 'false' : 'true'} @click=${() => step(1)}><span aria-hidden="true">+</span><span class="visually-hidden">${t('hub.more')}</span></button>
  </div>`;
}
