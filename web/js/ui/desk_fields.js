// The fields that the forms of the desk are made of. Templates and reading only. What must not be here: what is asked (desk_forms.js).

import { html } from 'lit';
import { MOST_LABEL_CHARACTERS } from '../state/tables.js';
import { t } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** @param {FormData} data @param {string} name */
export const typed = (data, name) => String(data.get(name) ?? '').trim();

/** @param {Item|undefined} item */
export const quote = (item) => html`<blockquote class="dialog__quote" dir="auto">${item?.text}</blockquote>`;

/** @param {string} name @param {string} text @param {number} most */
export const area = (name, text, most) => html`<div class="field"><label class="field__label" for="${name}-text">${t(`${name}.label`)}</label>
  <textarea class="field__input" id="${name}-text" name="text" required maxlength=${most} rows="5" autofocus .value=${text}></textarea>
  <p class="field__help">${t(`${name}.help`)}</p></div>`;

/** @param {string[]} known */
export const unique = (known) => [...new Set(known.filter(Boolean))].sort();

/** A line of words, with those that are known already. @param {string} name @param {string} value @param {string[]} known @param {string} label @param {boolean} needed */
export const line = (name, value, known, label, needed) => html`<div class="field"><label class="field__label" for="form-${name}">${label}</label>
  <input class="field__input" id="form-${name}" name=${name} list="form-${name}-known" autocomplete="off" maxlength=${MOST_LABEL_CHARACTERS} ?required=${needed} ?autofocus=${needed} .value=${value}>
  <datalist id="form-${name}-known">${unique(known).map((one) => html`<option value=${one}></option>`)}</datalist></div>`;
