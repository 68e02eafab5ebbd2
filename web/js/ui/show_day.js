// A day of the run of show: its places side by side, what is over folded away. Templates only.
// What must not be here: rows (show_row.js), what a person opened or chose.

import { html, nothing } from 'lit';
import { airBadge } from './stage_card.js';
import { hour, dayWords, t, tn } from '../i18n.js';

/** @typedef {import('../state/run_of_show.js').Day} Day */
/** @typedef {import('../state/run_of_show.js').Column} Column */
/** @typedef {import('../state/run_of_show.js').Slot} Slot */

/**
 * @typedef {object} Host
 * @property {string|null} chosen
 * @property {(id: string, otherwise: boolean) => boolean} open  Whether a person opened it; else as it is by itself.
 * @property {(id: string, open: boolean|undefined) => void} fold  undefined: as it is by itself.
 * @property {(slots: Slot[]) => unknown} rows
 * @property {Record<string, import('./stage_card.js').Stage>} streams  The stages, by their ids.
 */

/** @param {Day} one @param {boolean} alone @param {string} today @param {Host} host */
export function day(one, alone, today, host) {
  const columns = () => html`<div class="show__columns">${one.columns.map((some) => column(some, one.day, host))}</div>`;
  if (alone) return columns();
  const title = one.day ? dayWords(`${one.day}T12:00:00Z`) : t('show.undated');
  return fold(one.day, one.day === today, html`<h3>${title}</h3> <span class="small quiet num">${tn('show.sessions', one.slots.length)}</span>`, columns, host, 'show__day');
}

/** Its content is made only once it is open: 200 sessions stay light. @param {string} id @param {boolean} otherwise @param {unknown} summary @param {() => unknown} content @param {Host} host @param {string} name */
function fold(id, otherwise, summary, content, host, name) {
  const open = host.open(id, otherwise);
  /** @param {Event} event */
  const toggled = ({ target, currentTarget }) => {
    const now = /** @type {HTMLDetailsElement} */ (target).open;
    if (target === currentTarget) host.fold(id, now === otherwise ? undefined : now);
  };
  return html`<details class=${name} ?open=${open} @toggle=${toggled}><summary>${summary}</summary>${open ? content() : nothing}</details>`;
}

/** @param {Column} one @param {string} on @param {Host} host */
function column(one, on, host) {
  const worth = one.over.length > 1 && one.over.length < one.slots.length;
  const over = worth ? one.over.filter((slot) => slot.session !== host.chosen) : [];
  const id = `place-${on}-${one.id}`;
  return html`<section class="show__column" aria-labelledby=${id}>
    <h3 class="show__place" id=${id} dir="auto">${one.name || t('show.everywhere')}</h3>
    <p class="small show__state">${sends(host.streams[one.id])} ${state(one)}</p>
    ${over.length ? fold(`over-${id}`, false, tn('show.over', over.length), () => host.rows(over), host, 'show__over') : nothing}
    ${host.rows(one.slots.filter((slot) => !over.includes(slot)))}</section>`;
}

/** What comes there, in one line; what is on stands below. @param {Column} one */
function state(one) {
  const late = one.late > 0 ? html`<span class="badge badge--waiting">${tn('show.late', one.late)}</span>` : nothing;
  if (one.on.length) return late;
  if (one.next?.starts_at) return html`${t('show.place.next', { time: hour(one.next.starts_at) })} ${late}`;
  return one.next ? t('show.place.waits') : t('show.place.over');
}

/** @param {import('./stage_card.js').Stage|undefined} stage */
function sends(stage) {
  return stage ? airBadge(stage) : nothing;
}
