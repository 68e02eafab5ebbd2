// The words of the run of show: hours, how long still, lateness, what opens and closes when, what a command would move.
// What must not be here: elements with state, requests.

import { html, nothing } from 'lit';
import { stopwatch, timing } from '../state/run_of_show.js';
import { ended } from '../state/show_keys.js';
import { hour, t, tn, typeset } from '../i18n.js';

/** @typedef {import('../state/run_of_show.js').Slot} Slot */
/** @typedef {import('../state/run_of_show.js').Span} Span */
/** @typedef {import('../state/show_changes.js').Change} Change */

/** How a session stands → the mark of its meaning. */
export const MARKS = { unknown: 'quiet', upcoming: 'quiet', on: 'live', over: 'offline', cancelled: 'refused' };

/** Less than this before the end, the rest is urgent, in ms. */
const SHORT = 5 * 60_000;

/** @param {Span} span */
export function span({ starts_at, ends_at }) {
  if (!starts_at) return t('show.hours.none');
  return ends_at ? t('show.hours', { from: hour(starts_at), to: hour(ends_at) }) : hour(starts_at);
}

/** @param {Slot} slot */
export function name(slot) {
  return `${slot.label ? `${slot.label}${t('page.colon')}` : ''}${typeset(slot.title, slot.language)}`;
}

/** The hours as they are, the printed ones beside them where they differ. @param {Slot} slot */
export function hours(slot) {
  const [is, was] = [span(slot), span(slot.printed)];
  return html`<span class="show-row__hours num">${is}${slot.moved && is !== was
    ? html` <s class="quiet"><span class="visually-hidden">${t('show.printed')} </span>${was}</s>` : nothing}</span>`;
}

/** A duration in words, as precise as it has to be. @param {number} ms */
function lasting(ms) {
  const { h, m, s } = stopwatch(ms);
  return t(h ? 'show.lasting.hours' : m ? 'show.lasting.minutes' : 'show.lasting.seconds', { h, m, s });
}

/** How long it has been going and how long it will; how late it is. @param {Slot} slot @param {number} now */
export function clockwork(slot, now) {
  const { elapsed, remaining, until } = timing(slot, now);
  /** @type {unknown[]} */
  const parts = [];
  if (elapsed !== null) parts.push(html`<span>${t('show.elapsed', { time: lasting(elapsed) })}</span>`);
  if (remaining !== null) {
    const kind = remaining < 0 ? 'past' : 'remaining';
    parts.push(html`<span class=${remaining < SHORT ? 'show-row__urgent' : ''}>${t(`show.${kind}`, { time: lasting(remaining) })}</span>`);
  }
  if (until !== null) parts.push(html`<span>${until < 0 ? t('show.waits') : t('show.until', { time: lasting(until) })}</span>`);
  return parts.length ? html`<p class="show-row__clock small num">${parts.map((part, n) => html`${n ? ' · ' : ''}${part}`)}</p>` : nothing;
}

/** @param {Slot} slot */
export function lateness(slot) {
  if (ended(slot) || !slot.late_minutes) return nothing;
  const key = slot.late_minutes > 0 ? 'show.late' : 'show.early';
  return html`<span class="badge badge--waiting">${tn(key, Math.abs(slot.late_minutes))}</span>`;
}

/**
 * The floor as it is, who decided so, and when the running order will close it. In a rehearsal hours alone close nothing.
 * @param {Slot} slot
 * @param {{state: string, by?: string}|undefined} floor
 * @param {boolean} rehearsal
 */
export function floorWords(slot, floor, rehearsal) {
  if (!slot.questions || !floor) return '';
  const state = t(`floor.state.${floor.state}`);
  if (floor.by === 'hand') return t('show.floor.hand', { state });
  if (rehearsal || ended(slot) || floor.state === 'closed' || !slot.ends_at) return state;
  return t('show.floor.until', { state, time: hour(slot.ends_at) });
}

/** One line per session that would not be as it is. @param {Change[]} found */
export function moves(found) {
  if (!found.length) return html`<p>${t('show.moves.none')}</p>`;
  return html`<ul class="plain show-moves">${found.map((one) => html`<li>
    <strong dir="auto">${name(one.after)}</strong> <span class="num">${one.hours ? t('show.moves.hours', { from: span(one.before), to: span(one.after) }) : span(one.after)}</span>
    ${one.progress ? html`<span>${t('show.moves.progress', { from: t(`show.progress.${one.before.progress}`), to: t(`show.progress.${one.after.progress}`) })}</span>` : nothing}
    ${one.length ? html`<span class="quiet">${t(`show.moves.${one.length}`)}</span>` : nothing}
    ${one.floor ? html`<span class="quiet">${t(`show.moves.${one.floor}`)}</span>` : nothing}</li>`)}</ul>`;
}
