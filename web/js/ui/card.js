// A question on the moderation desk: a line or two of its words; on the chosen one all that is known and what can be done, each with its key.
// What must not be here: the commands themselves, which question is chosen.

import { html, nothing } from 'lit';
import { ALLOWED, MARKS } from '../state/tables.js';
import { groupOf } from '../state/desk.js';
import { allowed } from '../state/possible.js';
import { more, story, tags } from './card_more.js';
import { byline } from './question.js';
import { reasonWords } from './reason_words.js';
import { split } from './split.js';
import { ago, clock, typeset, t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** What is done most, besides what the service names. */
const USUAL = ['shortlist', 'unlist', 'cue', 'uncue', 'release'];
/** Of whom the author may be invited to the table: everybody has read the question. */
const SHOWN = ['published', 'on_stage', 'answered'];
/** Whose key is that of the step it takes back. @type {Record<string, string>} */
const KEY = { unlist: 'shortlist', uncue: 'cue' };

/** Before the id of a question, the id of its card. */
export const CARD = 'card-';

/** The key shown on a button. @param {string} command */
function keyOf(command) {
  const own = KEY[command] ?? command;
  return own === 'earlier' ? 'Alt ↑' : own === 'later' ? 'Alt ↓' : ['erase', 'mute', 'unmute', 'invite'].includes(own) ? '' : ([...t(`key.${own}`)][0] ?? '');
}

/**
 * @typedef {object} Desk  What a card is told by the desk.
 * @property {boolean} removed
 * @property {boolean} chosen
 * @property {boolean} reached  Whether Tab leads to it.
 * @property {boolean} busy
 * @property {boolean} picked
 * @property {boolean} pickable
 * @property {string} reader  The colleague who reads it now; empty: nobody.
 * @property {boolean} draggable
 * @property {Item[]} merged  Those that were merged into it.
 * @property {string} goal  The words of the one that it was merged into.
 * @property {import('../state/types.js').Flag[]} flags
 * @property {boolean} muted  Whether its author is, by this question.
 * @property {number} others  Other questions that its author asked under their name.
 * @property {boolean} officer  Whether anybody's question may be erased here.
 */

/** @param {Item} item @param {Desk} desk */
export function card(item, desk) {
  const { chosen, reached, picked } = desk;
  return html`<li class="card card--${item.status} ${chosen ? 'card--chosen' : ''} ${picked ? 'card--picked' : ''}" id="${CARD}${item.id}" tabindex=${reached ? 0 : -1}
      aria-current=${chosen ? 'true' : nothing} aria-busy=${desk.busy ? 'true' : 'false'}>
    ${desk.pickable ? html`<label class="card__pick"><input type="checkbox" tabindex=${reached ? 0 : -1} .checked=${picked} aria-label=${t('command.pick')}></label>` : nothing}
    ${desk.draggable ? html`<span class="card__grip" aria-hidden="true" title=${t('card.grip')}>⠿</span>` : nothing}
    <div class="card__body">${badge(item)}${desk.reader ? html`<p class="card__reader"><span class="badge badge--waiting">${t('card.reader', { who: desk.reader })}</span></p>` : nothing}
      <p class="card__text" dir="auto" lang=${item.language || nothing}>${typeset(item.text, item.language)}</p>${tags(item, desk.merged, desk)}
      ${chosen ? whole(item, desk) : nothing}</div>
    ${chosen ? nothing : side(item)}
  </li>`;
}

/** Said where the group does not say it. @param {Item} item */
function badge(item) {
  const group = groupOf(item);
  if (group === 'waiting' || group === 'published' || group === 'shortlist' || group === 'promised') return nothing;
  return html`<p class="badge badge--${MARKS[item.status]} ${group === 'answered' ? 'visually-hidden' : ''}">${t(`status.${item.status}`)}</p>`;
}

/** What it is told by at a glance: its support, its age, how its author is there. @param {Item} item */
function side(item) {
  return html`<p class="card__side">${item.status === 'queued' ? nothing : support(item)}
    <time datetime=${item.asked_at} title=${ago(item.asked_at)}>${since(item.asked_at)}</time> <span class="card__door">${t(`door.short.${item.door}`)}</span></p>`;
}

/** @param {Item} item */
function support(item) {
  return html`<span class="votes"><span aria-hidden="true">▲ ${item.votes}</span><span class="visually-hidden">${tn('votes', item.votes)}</span></span>`;
}

/** @param {string} instant @param {number} [now] */
function since(instant, now = Date.now()) {
  const minutes = Math.max(0, Math.floor((now - Date.parse(instant)) / 60_000));
  return minutes < 60 ? t('time.short', { n: minutes }) : clock(instant);
}

/** @param {Item} item @param {Desk} desk */
function whole(item, desk) {
  return html`${item.original && item.original !== item.text ? html`<details class="card__original small"><summary>${t('card.original')}</summary><p dir="auto">${item.original}</p></details>` : nothing}
    ${item.status === 'declined' && item.reason ? html`<p class="small quiet">${reasonWords(item.reason, item.why)}${item.note ? html` — <bdi>${item.note}</bdi>` : nothing}</p>` : nothing}
    ${story(item, desk.merged, desk.goal)}
    <div class="card__foot"><p class="question__foot"><span>${byline(item)}</span>${desk.others ? html` · <span class="num">${tn('card.others', desk.others)}</span>` : nothing} · <time datetime=${item.asked_at}>${ago(item.asked_at)}</time>${item.watched_at ? html` · <time datetime=${item.watched_at}>${t('card.watched', { time: clock(item.watched_at) })}</time>` : nothing}
      ${item.status === 'queued' ? nothing : html` · <span class="num">${tn('votes', item.votes)}</span> ${split(item.by_door)}`}
      ${item.undo && item.changed_by ? html` · ${t('card.changed', { who: item.changed_by, time: ago(item.changed_at ?? '') })}` : nothing}</p>
    ${commands(item, desk)}</div>`;
}

/** @param {Item} item @param {Desk} desk */
function commands(item, desk) {
  const all = allowed(item, desk.removed);
  const usual = all.filter((command) => (ALLOWED[item.status] ?? []).includes(command) || USUAL.includes(command));
  const ways = item.status === 'published' && item.place ? ['earlier', 'later'] : [];
  const button = (/** @type {string} */ command, /** @type {string} */ kind = '') => html`<button type="button" tabindex=${desk.reached ? 0 : -1}
    class="button button--small ${kind}" ?disabled=${desk.busy} data-command=${command}>${t(`command.${command}`)} <kbd aria-hidden="true">${keyOf(command)}</kbd></button>`;
  const others = [...all.filter((command) => !usual.includes(command)), ...(SHOWN.includes(item.status) ? ['invite'] : []), 'history', ...(desk.muted ? ['unmute'] : item.for_hall || item.status === 'erased' ? [] : ['mute']), ...(desk.officer && item.status !== 'erased' ? ['erase'] : [])];
  return html`<div class="card__commands">${[...usual, ...ways].map((command, n) => button(command, n ? '' : 'button--primary'))}
      ${item.undo ? html`<button type="button" tabindex=${desk.reached ? 0 : -1} class="button button--small button--quiet" ?disabled=${desk.busy} data-command="back">
        ${t('card.undo', { step: t(`command.${item.undo}`) })}</button>` : nothing}</div>
    ${more(others, desk.reached, (command) => button(command, ['erase', 'mute'].includes(command) ? 'button--danger' : ''))}`;
}

/** How a question stands on the desk, in a word. @param {Item} item */
export const standing = (item) => t(`status.${groupOf(item) === 'shortlist' ? (item.cued_at ? 'cued' : 'shortlisted') : item.status}`);

/** Where one was that somebody else has just moved. @param {Item} item */
export function left(item) {
  return html`<li class="card card--left"><p class="quiet">${t('desk.left', { who: item.changed_by || t('desk.someone'), status: standing(item) })}</p></li>`;
}
