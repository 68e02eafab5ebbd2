// What became of one's own question, in words addressed to its author: in one word, in a sentence, and what became of the one it was merged into.
// What must not be here: what its author may do with it (mine_ways.js).

import { html, nothing } from 'lit';
import { dateWords, first, spoken, t, tn, typeset } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** What of it is told: another one of these is news. @param {Item} item */
export const told = (item) => [item.status, item.cued_at, item.answer, item.due, item.appealed, item.follows?.status, item.follows?.answer].join(' ');

/** In a word. @param {Item} item */
export function short(item) {
  if (item.status === 'published' && item.cued_at) return t('mine.short.next');
  return item.status === 'queued' && item.appealed ? t('mine.short.appealed') : first(`mine.short.${item.status}`, 'mine.short.other');
}

/** In a sentence, after a second look in two. @param {Item} item */
export function standing(item) {
  const words = sentence(item);
  if (!item.appealed || !['published', 'declined'].includes(item.status)) return words;
  return `${t(item.status === 'published' ? 'mine.appeal.granted' : 'mine.appeal.refused')} ${words}`;
}

/** @param {Item} item */
function sentence(item) {
  const { status, reason, why } = item;
  if (status === 'published') return item.cued_at ? t('mine.next') : tn('mine.published', item.votes);
  if (status === 'queued' && item.appealed) return t('mine.appealed');
  if (status === 'deferred') return t('mine.deferred', { who: item.owner, day: dateWords(item.due) });
  if (status === 'answered' && item.answer) return t('mine.answered.written');
  const own = spoken(why);
  if (status === 'declined' && own) return t('mine.declined.why', { why: typeset(own[1], own[0]) });
  return first(...(reason ? [`mine.${status}.${reason}`] : []), `mine.${status}`, 'mine.other');
}

/** What is read below the sentence: the written answer, the question it was merged into. @param {Item} item */
export function more(item) {
  const { follows } = item;
  return html`${item.answer ? answer(item.answer) : nothing}
    ${follows ? html`<blockquote class="mine__follows"><p dir="auto">${follows.text}</p></blockquote><p class="mine__state">${first(`mine.follows.${follows.status}`, 'mine.follows')}</p>
      ${follows.answer ? answer(follows.answer) : nothing}` : nothing}`;
}

/** @param {string} words */
const answer = (words) => html`<p class="mine__answer"><span class="quiet">${t('mine.answer')}</span> <bdi>${words}</bdi></p>`;
