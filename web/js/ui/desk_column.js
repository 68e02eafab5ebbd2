// The columns of the desk and the tabs that lead to them where only one has room. Templates only.
// What must not be here: what stands where (state/desk.js), a card (card.js).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { GROUPS_OF } from '../state/desk.js';
import { SORTS } from '../state/filters.js';
import { COLUMNS } from '../state/tables.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/tables.js').Column} Column */
/** @typedef {import('../state/desk.js').Group} Group */
/** @typedef {import('../state/filters.js').Sort} Sort */

/**
 * @typedef {object} Desk  What the columns are told by the desk.
 * @property {import('../state/desk.js').Layout} layout
 * @property {Record<Group, number>} counts  All there are.
 * @property {Record<Group, number>} found  Those that the filters let through.
 * @property {Column} tab
 * @property {Partial<Record<Group, Sort>>} sorts
 * @property {Set<Group>} folded
 * @property {(id: string, group: Group) => unknown} card
 * @property {(group: Group) => void} settle
 * @property {(group: Group, sort: Sort) => void} sort
 * @property {(group: Group, open: boolean) => void} fold
 * @property {(column: Column) => void} show
 */

/** @param {Desk} desk */
export function tabs(desk) {
  return html`<div class="desk__tabs" role="group" aria-label=${t('desk.columns')}>${COLUMNS.map((name) => html`<button type="button" class="desk__tab" data-tab=${name}
    aria-pressed=${name === desk.tab ? 'true' : 'false'} @click=${() => desk.show(name)}>${t(`desk.tab.${name}`)} <span class="num">${all(desk, name)}</span></button>`)}</div>`;
}

/** What a column is about: of what runs, only what is on stage now is more than history. @param {Desk} desk @param {Column} name */
const all = ({ counts }, name) => GROUPS_OF[name].reduce((sum, group) => sum + counts[group], 0);

/** @param {Column} name @param {Desk} desk */
export function column(name, desk) {
  const [first, ...others] = GROUPS_OF[name];
  return html`<section class="desk__column desk__column--${name} ${name === desk.tab ? 'desk__column--shown' : ''}" aria-labelledby="column-${name}">
    ${first ? html`<div class="desk__head"><h2 id="column-${name}" class="desk__title" tabindex="-1">${t(`desk.${name}`)} ${number(first, desk)}</h2>
      ${desk.sorts[first] ? order(first, desk) : nothing}</div>
      <div class="desk__scroll" data-group=${first}>${pill(first, desk)}${list(first, desk)}</div>` : nothing}
    ${others.map((group) => folding(group, desk))}
  </section>`;
}

/** @param {Group} group @param {Desk} desk */
function folding(group, desk) {
  return html`<details class="desk__fold" ?open=${!desk.folded.has(group)} @toggle=${(/** @type {Event} */ event) => desk.fold(group, /** @type {HTMLDetailsElement} */ (event.target).open)}>
    <summary class="desk__title" id="group-${group}">${t(`desk.${group}`)} ${number(group, desk)}</summary>
    <div class="desk__scroll" data-group=${group}>${pill(group, desk)}${list(group, desk)}</div></details>`;
}

/** @param {Group} group @param {Desk} desk */
function number(group, { counts, found }) {
  const words = found[group] === counts[group] ? String(counts[group]) : t('desk.found', { n: found[group], all: counts[group] });
  return html`<span class="num quiet">${words}</span>`;
}

/** @param {Group} group @param {Desk} desk */
function order(group, desk) {
  return html`<select class="field__input desk__sort" aria-label=${t('desk.sort')} @change=${(/** @type {Event} */ event) => desk.sort(group, /** @type {Sort} */ (/** @type {HTMLSelectElement} */ (event.target).value))}>
    ${SORTS.filter((sort) => group !== 'waiting' || sort !== 'votes').map((sort) => html`<option value=${sort} ?selected=${sort === desk.sorts[group]}>${t(`desk.sort.${sort}`)}</option>`)}</select>`;
}

/** @param {Group} group @param {Desk} desk */
function pill(group, desk) {
  const { fresh, moved } = desk.layout[group];
  if (!fresh && !moved) return nothing;
  return html`<button type="button" class="button button--small pill desk__pill" @click=${() => desk.settle(group)}>${fresh ? tn('questions.fresh', fresh) : t('questions.moved')}</button>`;
}

/** @param {Group} group @param {Desk} desk */
function list(group, desk) {
  const { ids } = desk.layout[group];
  if (!ids.length) return html`<p class="quiet desk__none">${t(desk.counts[group] ? 'desk.none.found' : `desk.none.${group}`)}</p>`;
  return html`<ol class="plain desk__list">${repeat(ids, (id) => id, (id) => desk.card(id, group))}</ol>`;
}
