// What was asked and is off the list: answered, also in writing, or promised by somebody until some day; folded below the others. Templates only.
// What must not be here: the list itself (questions.js).

import { html, nothing } from 'lit';
import { foot, words } from './question.js';
import { dateWords, t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** @param {'answered'|'promised'} kind @param {Item[]} items */
export function settled(kind, items) {
  if (!items.length) return nothing;
  return html`<details class="questions__answered"><summary>${tn(`questions.${kind}`, items.length)}</summary>
    <ol class="plain">${items.map((item) => html`<li class="question question--answered">${standing(item)}${words(item)}
      ${item.answer ? html`<p class="mine__answer"><span class="quiet">${t('mine.answer')}</span> <bdi>${item.answer}</bdi></p>` : nothing}${foot(item)}</li>`)}</ol></details>`;
}

/** @param {Item} item */
function standing(item) {
  if (item.status === 'deferred') return html`<p class="badge badge--waiting">${t('question.promised', { who: item.owner, day: dateWords(item.due) })}</p>`;
  return html`<p class="badge badge--answered">${t('question.answered')}</p>`;
}
