// A question on the moderation desk: its words, whose it is, what can be done with it now, each with its key.
// What must not be here: the commands themselves.

import { html, nothing } from 'lit';
import { KEYS } from '../state/keys.js';
import { ALLOWED, ALLOWED_REMOVED, MARKS } from '../state/tables.js';
import { byline } from './question.js';
import { ago, typeset, t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** Command → its key. */
const KEY_OF = Object.fromEntries(Object.entries(KEYS).map(([key, command]) => [command, key]));

/** What may be done with it now. @param {Item} item @param {boolean} removed  Whether the programme has its session no more. */
export const allowed = (item, removed) => (removed ? ALLOWED_REMOVED : ALLOWED)[item.status] ?? [];

/**
 * @param {Item} item
 * @param {{removed: boolean, chosen: boolean, reached: boolean, busy: boolean, told: string, choose: () => void, command: (command: string) => void}} desk
 */
export function card(item, desk) {
  const commands = allowed(item, desk.removed);
  const running = item.status !== 'queued' && item.status !== 'published';
  return html`<li class="card card--${item.status} ${desk.chosen ? 'card--chosen' : ''}" id="card-${item.id}" tabindex=${desk.reached ? 0 : -1}
      aria-busy=${desk.busy ? 'true' : 'false'} @focusin=${desk.choose} @click=${desk.choose}>
    ${running ? html`<p class="badge badge--${MARKS[item.status]}">${t(`status.${item.status}`)}</p>` : nothing}
    <p class="card__text" lang=${item.language || nothing}>${typeset(item.text, item.language)}</p>
    ${item.original && item.original !== item.text ? html`<details class="card__original small"><summary>${t('card.original')}</summary>${item.original}</details>` : nothing}
    ${item.status === 'declined' && item.reason ? html`<p class="small quiet">${t(`reason.${item.reason}`)}${item.note ? html` — ${item.note}` : nothing}</p>` : nothing}
    <p class="question__foot"><span>${byline(item)}</span> · <time datetime=${item.asked_at}>${ago(item.asked_at)}</time>
      ${item.status === 'queued' ? nothing : html` · <span class="num">${tn('votes', item.votes)}</span>`}</p>
    ${desk.told ? html`<p class="field__error" role="alert">${desk.told}</p>` : nothing}
    ${commands.length ? html`<div class="card__commands">${commands.map((command, n) => html`<button type="button" tabindex=${desk.reached ? 0 : -1}
      class="button button--small ${n === 0 ? '' : 'button--quiet'}" ?disabled=${desk.busy} @click=${() => desk.command(command)}>
      ${t(`command.${command}`)} <kbd aria-hidden="true">${KEY_OF[command]}</kbd></button>`)}</div>` : nothing}
  </li>`;
}
