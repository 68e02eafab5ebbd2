// One session in the run of show: its hours, how it stands, what can be done with it now, each with its key.
// What must not be here: the commands themselves, which session is chosen.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { ACTS } from '../state/show_keys.js';
import { key } from './show_bar.js';
import { MARKS, clockwork, floorWords, hours, lateness, name } from './show_words.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/run_of_show.js').Slot} Slot */
/** @typedef {import('../state/show_keys.js').Act} Act */
/** @typedef {import('../state/types.js').Floor & {counts?: Record<string, number>}} Floor */

/**
 * @typedef {object} Hand  What the row is told by the run of show.
 * @property {number} now
 * @property {boolean} chosen
 * @property {boolean} next  Whether it is the next one of its place.
 * @property {boolean} reached
 * @property {boolean} busy
 * @property {string} told
 * @property {Floor|undefined} floor
 * @property {boolean} rehearsal
 * @property {Slot|null} after  The one whose questions are opened when this one's are closed.
 * @property {() => void} handOver
 * @property {() => void} choose
 * @property {(act: Act) => void} act
 * @property {(wish: import('./floor.js').Wish) => Promise<unknown>} change
 * @property {(session: string, anew: boolean) => Promise<{code: string}>} code
 */

/** Before the id of a session, the id of its row. */
export const ROW = 'slot-';
/** What is on is acted upon most: as much of it is always at hand; the rest once it is chosen. */
const MOST_AT_HAND = 3;
/** Pages of a session that an operator opens. */
const PAGES = ['moderate', 'watch', 'room', 'stage'];
/** What a floor counts, in words. */
const COUNTED = ['queued', 'published', 'answered'];

/** @param {Slot} slot @param {Hand} hand */
export function row(slot, hand) {
  const open = hand.chosen || hand.next || slot.progress === 'on';
  return html`<li class="show-row show-row--${slot.progress} ${hand.chosen ? 'show-row--chosen' : ''}" id="${ROW}${slot.session}"
      tabindex=${hand.reached ? 0 : -1} aria-current=${hand.chosen ? 'true' : nothing} aria-busy=${hand.busy ? 'true' : 'false'} @click=${hand.choose}>
    <p class="show-row__head">${hours(slot)} <span class="badge badge--${MARKS[slot.progress]}">${t(`show.progress.${slot.progress}`)}</span> ${lateness(slot)}
      ${slot.by_hand ? html`<span class="small quiet">${t('show.by_hand')}</span>` : nothing}</p>
    <h4 class="show-row__title" dir="auto" lang=${slot.language || nothing}>${name(slot)}</h4>
    ${open ? clockwork(slot, hand.now) : nothing}
    ${slot.questions ? html`<p class="small quiet num">${questions(slot, hand)}</p>` : nothing}
    ${hand.told ? html`<p class="field__error" role="alert">${hand.told}</p>` : nothing}
    ${acts(slot, hand)}${handOver(slot, hand)}
    ${hand.chosen ? more(slot, hand) : nothing}
  </li>`;
}

/** @param {Slot} slot @param {Hand} hand */
function questions(slot, { floor, rehearsal }) {
  const counts = floor?.counts ? COUNTED.map((one) => tn(`control.${one}`, floor.counts?.[one] ?? 0)) : [];
  return [floorWords(slot, floor, rehearsal), ...counts].filter(Boolean).join(' · ');
}

/** Keyed: a button never becomes another one under a finger. @param {Slot} slot @param {Hand} hand */
function acts(slot, hand) {
  const few = slot.progress === 'on' ? MOST_AT_HAND : hand.next ? 1 : 0;
  const shown = ACTS[slot.progress].slice(0, hand.chosen ? undefined : few);
  if (!shown.length) return nothing;
  return html`<div class="show-row__acts">${repeat(shown, (act) => act, (act, n) => html`<button type="button" tabindex=${hand.reached ? 0 : -1}
    class="button button--small ${act === 'cancel' ? 'button--danger' : n ? '' : 'button--primary'}" ?disabled=${hand.busy}
    @click=${() => hand.act(act)}>${t(`show.act.${act === 'start' && slot.progress === 'over' ? 'resume' : act}`)} <kbd aria-hidden="true">${key(act)}</kbd></button>`)}</div>`;
}

/** One press closes these questions and opens the next ones. @param {Slot} slot @param {Hand} hand */
function handOver(slot, { after, floor, chosen, busy, handOver: press }) {
  if (!after || !floor || floor.state === 'closed' || !(chosen || slot.progress === 'on')) return nothing;
  return html`<p><button type="button" class="button button--small show-row__over" ?disabled=${busy} @click=${press}>${t('show.over_to', { title: name(after) })}</button></p>`;
}

/** The questions of the session and its pages. @param {Slot} slot @param {Hand} hand */
function more(slot, hand) {
  return html`${slot.questions && hand.floor ? html`<tablee-floor .floor=${hand.floor} .label=${slot.title} .change=${hand.change}></tablee-floor>` : nothing}
    ${slot.questions && slot.progress === 'on' ? html`<tablee-hall-code .read=${hand.code} .session=${slot.session}></tablee-hall-code>` : nothing}
    <p class="show-row__links small">${PAGES.map((page) => html`<a href="/${page}?session=${encodeURIComponent(slot.session)}">${t(`control.open.${page}`)}</a>`)}</p>`;
}
