// The row over the desk: find by words, by door, age, support, language. Templates only; what is chosen is told.
// What must not be here: what follows from it (state/filters.js).

import { html, nothing } from 'lit';
import { AGES, EVERYTHING, FLAGS, SUPPORTS, narrows } from '../state/filters.js';
import { DOORS } from '../state/tables.js';
import { formatter, t, tn } from '../i18n.js';

/** @typedef {import('../state/filters.js').Filters} Filters */

/**
 * @param {import('./desk_shelves.js').DeskShelves} shelves
 * @param {boolean} open  Whether more than the words is shown where there is little room.
 * @param {{unfold: () => void, sounding: boolean, sound: () => void}} desk
 */
export function filterRow(shelves, open, desk) {
  const { filters, languages } = shelves;
  const change = (/** @type {Event} */ event) => {
    const { name, value } = /** @type {HTMLInputElement} */ (event.target);
    shelves.filter({ ...filters, [name]: value });
  };
  /** @param {keyof Filters} name @param {[string, string][]} options */
  const one = (name, options) => choice(name, filters[name], options);
  return html`<div role="search" class="filters ${open ? 'filters--open' : ''}" @input=${change} @keydown=${leave}>
    <input type="search" class="field__input filters__text" id="desk-find" name="text" autocomplete="off" placeholder=${t('filter.text')} aria-label=${t('filter.text')} .value=${filters.text}>
    <button type="button" class="button button--small filters__more" aria-expanded=${open ? 'true' : 'false'} @click=${() => desk.unfold()}>${t('filter.more')}</button>
    <span class="filters__choices">
      ${one('door', DOORS.map((door) => [door, t(`door.${door}`)]))}
      ${one('age', AGES.map((age) => [age, t(age.startsWith('<') ? 'filter.age.under' : 'filter.age.over', { n: age.slice(1) })]))}
      ${one('votes', SUPPORTS.map((votes) => [votes, tn('filter.votes', Number(votes))]))}
      ${shelves.flagged || filters.flag ? one('flag', FLAGS.map((flag) => [flag, t(`filter.flag.${flag}`)])) : nothing}
      ${languages.length > 1 || filters.language ? one('language', languages.map((code) => [code, languageName(code)])) : nothing}
      ${narrows(filters) ? html`<button type="button" class="button button--small button--quiet" @click=${() => shelves.filter(EVERYTHING)}>${t('filter.none')}</button>` : nothing}
      <button type="button" class="button button--small" aria-pressed=${desk.sounding ? 'true' : 'false'} title=${t('desk.sound.help')} @click=${() => desk.sound()}>${t('desk.sound')}</button>
    </span>
  </div>`;
}

/** @param {string} name @param {string} value @param {[string, string][]} options */
function choice(name, value, options) {
  return html`<select class="field__input filters__choice ${value ? 'filters__choice--on' : ''}" name=${name} aria-label=${t(`filter.${name}`)} .value=${value}>
    <option value="" ?selected=${!value}>${t(`filter.${name}`)}</option>${options.map(([code, words]) => html`<option value=${code} ?selected=${code === value}>${words}</option>`)}</select>`;
}

/** @param {string} code */
function languageName(code) {
  return formatter(Intl.DisplayNames, { type: 'language' }).of(code) ?? code;
}

/** Enter leads from the words to what was found. @param {KeyboardEvent} event */
function leave(event) {
  const field = /** @type {HTMLElement} */ (event.target);
  if (event.key !== 'Enter' || !field.matches('[type=search]')) return;
  event.preventDefault();
  /** @type {HTMLElement|null} */ (field.closest('tablee-desk')?.querySelector('li.card[tabindex="0"]'))?.focus();
}
