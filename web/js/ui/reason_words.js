// Why a question was declined, in words for moderators: the organiser's own, marked with their language, or those of the page.

import { html } from 'lit';
import { first, spoken, typeset } from '../i18n.js';

/** @param {string} id @param {Record<string, string>} [words]  Language → the organiser's words. */
export function reasonWords(id, words) {
  const own = spoken(words);
  return own ? html`<bdi lang=${own[0]}>${typeset(own[1], own[0])}</bdi>` : first(`reason.${id}`, 'reason.other');
}
