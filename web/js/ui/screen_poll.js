// The poll on the screen in the room: what is asked and how to answer, then what came of it, read from the last row. A template.

import { html, nothing } from 'lit';
import { bars, choicesOf, takesAnswers } from '../state/polls.js';
import { answeredWords, ends, figure, percentOf } from './poll_results.js';
import { t, typeset } from '../i18n.js';

/** Bars that fit a screen; of words, as many. */
const MOST_BARS = 12;

/** @param {import('../state/types.js').Poll} poll @param {import('../state/types.js').Tally|undefined} tally */
export function screenPollView(poll, tally) {
  const found = poll.shown ? (bars(poll, tally) ?? []).slice(0, MOST_BARS) : null;
  const above = takesAnswers(poll) ? t(poll.status === 'closing' ? 'screen.poll.closing' : 'screen.poll') : t('screen.poll.results');
  return html`<div class="screen__box screen-poll" role="status"><div class="screen__words screen-poll__words">
    <p class="screen__above">${above}</p>
    <p class="screen-poll__question" dir="auto" lang=${poll.language || nothing}>${typeset(poll.question, poll.language)}</p>
    ${found?.length ? html`<ul class="plain screen-poll__bars">${found.map((bar) => row(poll, bar))}</ul>`
    : html`<ul class="plain screen-poll__options">${poll.kind === 'scale' ? scale(poll) : choicesOf(poll).map(({ text }) => html`<li dir="auto">${typeset(text, poll.language)}</li>`)}</ul>`}
  </div></div>
  <p class="screen__by">${answeredWords(tally)}</p>`;
}

/** @param {import('../state/types.js').Poll} poll */
const scale = (poll) => html`<li>${poll.least}${ends(poll, String(poll.least))}</li><li>${poll.most}${ends(poll, String(poll.most))}</li>`;

/** @param {import('../state/types.js').Poll} poll @param {import('../state/polls.js').Bar} bar */
function row(poll, bar) {
  return html`<li class="screen-poll__bar ${bar.right ? 'screen-poll__bar--right' : ''}"><span dir="auto">${bar.right ? '✓ ' : ''}${typeset(bar.text, poll.language)}${ends(poll, bar.key)}</span>
    <span class="num">${figure(poll, bar)}</span>
    <meter min="0" max="100" value=${percentOf(bar)} aria-hidden="true"></meter></li>`;
}
