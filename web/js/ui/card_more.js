// What a card of the desk says beside its words: for whom, about what, promised by whom, what was merged into it; and what else can be done
// with the chosen one, folded. Templates only. What must not be here: the commands themselves.

import { html, nothing } from 'lit';
import { dateWords, t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** What is known of it at a glance, where there is anything. @param {Item} item @param {Item[]} merged  Into it. @param {{muted: boolean, flags: import('../state/types.js').Flag[]}} marks */
export function tags(item, merged, { muted, flags }) {
  /** @type {[string, string][]} */
  const found = [];
  if (item.status === 'published' && item.cued_at) found.push(['stage', t('card.next')]);
  if (item.appealed && item.status === 'queued') found.push(['refused', t('card.appealed')]);
  for (const { kind, words } of flags) found.push(['refused', t(`card.flag.${kind}`, { words: words.join(', ') })]);
  if (muted) found.push(['refused', t('card.muted')]);
  if (item.draft) found.push(['waiting', t('card.draft', { who: item.draft_name || t('desk.someone') })]);
  if (item.status === 'deferred') found.push(['quiet', t('card.promised', { who: item.owner, day: dateWords(item.due) })]);
  if (item.speaker) found.push(['quiet', t('card.speaker', { who: item.speaker })]);
  if (item.theme) found.push(['quiet', t('card.theme', { theme: item.theme })]);
  if (merged.length) found.push(['quiet', tn('card.merged', merged.length)]);
  return found.length ? html`<p class="card__tags">${found.map(([mark, words]) => html`<span class="badge badge--${mark}" dir="auto">${words}</span> `)}</p>` : nothing;
}

/** What is read only on the chosen one. @param {Item} item @param {Item[]} merged @param {string} goal  The words of the question that this one was merged into. */
export function story(item, merged, goal) {
  return html`${goal ? html`<p class="small">${t('card.into')} <q dir="auto">${goal}</q></p>` : nothing}
    ${item.answer ? html`<p class="small">${t('card.answer')} <q dir="auto">${item.answer}</q></p>` : nothing}
    ${merged.length ? html`<details class="small"><summary>${tn('card.merged', merged.length)}</summary><ul>${merged.map(({ text }) => html`<li dir="auto">${text}</li>`)}</ul></details>` : nothing}`;
}

/** Under a fold: the less usual. @param {string[]} commands @param {boolean} reached  Whether Tab leads there. @param {(command: string) => unknown} button */
export function more(commands, reached, button) {
  if (!commands.length) return nothing;
  return html`<details class="card__more"><summary tabindex=${reached ? 0 : -1}>${t('card.more')}</summary><div class="card__commands">${commands.map(button)}</div></details>`;
}
