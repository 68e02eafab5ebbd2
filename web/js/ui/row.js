// One published question in the list: its vote, its text; or why it has just left, as long as its place is kept.
// What must not be here: requests (given as `press`), order.

import { html, nothing } from 'lit';
import { handCount } from './hall.js';
import { foot, words } from './question.js';
import { first, t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {import('../net/live.js').LiveSession} LiveSession */

/**
 * @param {string} id
 * @param {LiveSession} session
 * @param {{press: (id: string, on: boolean) => void, count: (id: string, hands: number) => void, refused: {id: string, words: string}|null}} hand
 */
export function row(id, session, { press, count, refused }) {
  const { live } = session;
  const item = live?.items[id];
  if (item?.status !== 'published') {
    return html`<li class="question question--gone" id="q-${id}"><p class="quiet">${first(`questions.gone.${item?.status ?? 'hidden'}`, 'questions.gone.hidden')}</p></li>`;
  }
  const own = id in (live?.mine ?? {});
  return html`<li class="question" id="q-${id}">
    ${own || live?.session.removed ? total(item, own) : button(item, session, press)}
    <div class="question__body">${words(item)}${foot(item)}
      ${live?.session.removed ? nothing : handCount(id, live?.my_counts?.[id] ?? 0, session.pass?.person.people ?? 0, count)}
      ${refused?.id === id ? html`<p class="field__error" role="alert">${refused.words}</p>` : nothing}</div>
  </li>`;
}

/** @param {Item} item @param {LiveSession} session @param {(id: string, on: boolean) => void} press */
function button(item, session, press) {
  const { on, votes } = session.votes(item.id);
  return html`<button type="button" class="vote" aria-pressed=${on ? 'true' : 'false'} aria-describedby="q-${item.id}" @click=${() => press(item.id, !on)}>
    <span class="vote__mark" aria-hidden="true"></span><span class="vote__count num" aria-hidden="true">${votes}</span>
    <span class="visually-hidden">${t(on ? 'vote.pressed' : 'vote.press')}${tn('vote.count', votes)}</span></button>`;
}

/** One's own question is supported by others only, that of a removed session by nobody any more. @param {Item} item @param {boolean} own */
function total(item, own) {
  return html`<div class="vote vote--own"><span class="vote__mark" aria-hidden="true"></span><span class="vote__count num">${item.votes}</span>
    ${own ? html`<span class="vote__own">${t('vote.own')}</span>` : nothing}</div>`;
}
