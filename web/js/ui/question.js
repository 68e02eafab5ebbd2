// One question as shown anywhere: its text, its author, its time. Templates only.
// What must not be here: votes' requests, order, moderation.

import { html, nothing } from 'lit';
import { split } from './split.js';
import { ago, typeset, t } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** The shown name, or the words for none, and the door. @param {Item} item */
export function byline(item) {
  return t('question.by', { name: item.author || t(item.for_hall ? 'question.hall' : 'question.anonymous'), door: t(`door.${item.door}`) });
}

/** The text in the language it was asked in. @param {Item} item */
export function words(item) {
  return html`<p class="question__text" dir="auto" lang=${item.language || nothing}>${typeset(item.text, item.language)}</p>`;
}

/** @param {Item} item */
export function foot(item) {
  return html`<p class="question__foot"><span>${byline(item)}</span> · <time datetime=${item.asked_at}>${ago(item.asked_at)}</time> ${split(item.by_door)}</p>`;
}
