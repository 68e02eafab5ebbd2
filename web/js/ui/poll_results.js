// What came of a poll, as bars with numbers and as words, by door. Templates only.

import { html, nothing } from 'lit';
import { bars, mean, totalOf } from '../state/polls.js';
import { t, tn, typeset } from '../i18n.js';
import { presenceWords } from './ring.js';
import { split } from './split.js';

/** @typedef {import('../state/types.js').Poll} Poll */
/** @typedef {import('../state/types.js').Tally} Tally */
/** @typedef {import('../state/polls.js').Bar} Bar */

/** How many answered, and by which door: the ring, and a sentence. @param {Tally|undefined} tally */
export function answeredWords(tally) {
  if (!tally) return t('poll.answered.none');
  return html`${tn('poll.answered', totalOf(tally.answers))} ${split(tally.answers)}`;
}

/** The bars, or that there are none to see. @param {Poll} poll @param {Tally|undefined} tally @param {(word: string, on: boolean) => void} [flag]  Hides a word, where one may. */
export function results(poll, tally, flag) {
  const found = bars(poll, tally);
  const average = found && mean(poll, found);
  return html`<div class="poll-results">
    ${found && !found.length ? html`<p class="quiet">${t('poll.answered.none')}</p>` : nothing}
    ${found?.length ? html`<ul class="poll-bars plain ${poll.kind === 'words' ? 'poll-bars--words' : ''}">${found.map((bar) => row(poll, bar, flag))}</ul>` : nothing}
    ${average === null || average === undefined ? nothing : html`<p class="small">${t('poll.mean', { mean: Math.round(average * 10) / 10 })}</p>`}
    <p class="small quiet">${answeredWords(tally)}${tally?.halls ? ` · ${tn('poll.halls', tally.halls)}` : ''}</p>
  </div>`;
}

/** @param {Bar} bar */
export const percentOf = (bar) => Math.round(bar.share * 100);

/** A bar as a number: points, people, or people and their share. @param {Poll} poll @param {Bar} bar */
export function figure(poll, bar) {
  if (poll.kind === 'ranking') return tn('poll.points', bar.total);
  return poll.kind === 'words' ? bar.total : t('poll.share', { n: bar.total, percent: percentOf(bar) });
}

/** @param {Poll} poll @param {Bar} bar @param {((word: string, on: boolean) => void)|undefined} flag */
function row(poll, bar, flag) {
  const split = presenceWords(bar.doors).join(', ');
  return html`<li class="poll-bar ${bar.right ? 'poll-bar--right' : ''} ${bar.flagged ? 'poll-bar--flagged' : ''}">
    <span class="poll-bar__text" dir="auto">${typeset(bar.text, poll.language)}${ends(poll, bar.key)}${bar.right ? html` <strong class="badge badge--answered">${t('poll.right')}</strong>` : nothing}</span>
    <span class="poll-bar__number num">${figure(poll, bar)}</span>
    <meter class="poll-bar__meter" min="0" max="100" value=${percentOf(bar)} aria-hidden="true"></meter>
    ${split ? html`<span class="poll-bar__doors small quiet">${split}</span>` : nothing}
    ${flag ? html`<button type="button" class="button button--small button--quiet" @click=${() => flag(bar.key, !bar.flagged)}>${t(bar.flagged ? 'poll.unflag' : 'poll.flag')}<span class="visually-hidden"> ${bar.text}</span></button>` : nothing}
  </li>`;
}

/** What the ends of a scale mean. @param {Poll} poll @param {string} key */
export function ends(poll, key) {
  if (poll.kind !== 'scale') return '';
  const label = key === String(poll.least) ? poll.low_label : key === String(poll.most) ? poll.high_label : '';
  return label ? ` · ${typeset(label, poll.language)}` : '';
}
