// The columns of the desk and the tabs that lead to them where only one has room. Templates only.
// What must not be here: what stands where (desk_shelves.js), a card (card.js).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { GROUPS_OF } from '../state/desk.js';
import { SORTS } from '../state/filters.js';
import { COLUMNS } from '../state/tables.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/tables.js').Column} Column */
/** @typedef {import('../state/desk.js').Group} Group */
/** @typedef {import('../state/filters.js').Sort} Sort */
/** @typedef {import('./desk_shelves.js').DeskShelves} Shelves */
/** @typedef {(id: string, group: Group) => unknown} Card */

/** @param {Shelves} shelves @param {Column} tab  The one that is shown. @param {(column: Column) => void} show */
export function tabs(shelves, tab, show) {
  return html`<div class="desk__tabs" role="group" aria-label=${t('desk.columns')}>${COLUMNS.map((name) => html`<button type="button" class="desk__tab" data-tab=${name}
    aria-pressed=${name === tab ? 'true' : 'false'} @click=${() => show(name)}>${t(`desk.tab.${name}`)} <span class="num">${all(shelves, name)}</span></button>`)}</div>`;
}

/** How many questions are in a column, shown or not. @param {Shelves} shelves @param {Column} name */
const all = ({ counts }, name) => GROUPS_OF[name].reduce((sum, group) => sum + counts[group], 0);

/** @param {Column} name @param {boolean} shown  Whether it is the one that is shown where only one has room. @param {Shelves} shelves @param {Card} card */
export function column(name, shown, shelves, card) {
  const [first, ...others] = GROUPS_OF[name];
  return html`<section class="desk__column desk__column--${name} ${shown ? 'desk__column--shown' : ''}" aria-labelledby="column-${name}">
    ${first ? html`<div class="desk__head"><h2 id="column-${name}" class="desk__title" tabindex="-1">${t(`desk.${name}`)} ${number(first, shelves)}</h2>
      ${shelves.sorts[first] ? order(first, shelves) : nothing}</div>
      <div class="desk__scroll" data-group=${first}>${pill(first, shelves)}${list(first, shelves, card)}</div>` : nothing}
    ${others.filter((group) => group !== 'promised' || shelves.counts[group]).map((group) => folding(group, shelves, card))}
  </section>`;
}

/** @param {Group} group @param {Shelves} shelves @param {Card} card */
function folding(group, shelves, card) {
  return html`<details class="desk__fold" ?open=${!shelves.folded.has(group)} @toggle=${(/** @type {Event} */ event) => shelves.fold(group, /** @type {HTMLDetailsElement} */ (event.target).open)}>
    <summary class="desk__title" id="group-${group}">${t(`desk.${group}`)} ${number(group, shelves)}</summary>
    <div class="desk__scroll" data-group=${group}>${pill(group, shelves)}${list(group, shelves, card)}</div></details>`;
}

/** @param {Group} group @param {Shelves} shelves */
function number(group, { counts, found }) {
  const words = found[group] === counts[group] ? String(counts[group]) : t('desk.found', { n: found[group], all: counts[group] });
  return html`<span class="num quiet">${words}</span>`;
}

/** @param {Group} group @param {Shelves} shelves */
function order(group, shelves) {
  return html`<select class="field__input desk__sort" aria-label=${t('desk.sort')} @change=${(/** @type {Event} */ event) => shelves.sort(group, /** @type {Sort} */ (/** @type {HTMLSelectElement} */ (event.target).value))}>
    ${SORTS.filter((sort) => group !== 'waiting' || sort !== 'votes').map((sort) => html`<option value=${sort} ?selected=${sort === shelves.sorts[group]}>${t(`desk.sort.${sort}`)}</option>`)}</select>`;
}

/** @param {Group} group @param {Shelves} shelves */
function pill(group, shelves) {
  const { fresh, moved } = shelves.layout[group];
  if (!fresh && !moved) return nothing;
  return html`<button type="button" class="button button--small pill desk__pill" @click=${() => shelves.settle(group)}>${fresh ? tn('questions.fresh', fresh) : t('questions.moved')}</button>`;
}

/** @param {Group} group @param {Shelves} shelves @param {Card} card */
function list(group, shelves, card) {
  const { ids } = shelves.layout[group];
  if (!ids.length) return html`<p class="quiet desk__none">${t(shelves.counts[group] ? 'desk.none.found' : `desk.none.${group}`)}</p>`;
  return html`<ol class="plain desk__list">${repeat(ids, (id) => id, (id) => card(id, group))}</ol>`;
}
