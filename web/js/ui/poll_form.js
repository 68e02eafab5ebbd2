// The controls that answer a poll, by its kind. Templates, and what was chosen in them.
// What must not be here: requests.

import { html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { choicesOf } from '../state/polls.js';
import { MOST_WORD_CHARACTERS } from '../state/poll_tables.js';
import { t, tn, typeset } from '../i18n.js';
import { ends } from './poll_results.js';

/** @typedef {import('../state/types.js').Poll} Poll */

/** How it is answered, in a sentence. @param {Poll} poll */
export function howTo(poll) {
  if (poll.kind === 'several') return poll.least === poll.most ? tn('poll.how.exactly', poll.most) : t('poll.how.several', { least: poll.least, most: poll.most });
  return poll.kind === 'words' ? tn('poll.how.words', poll.most) : t(`poll.how.${poll.kind}`);
}

/**
 * @param {Poll} poll
 * @param {string[]} chosen  What the person has answered or is answering; of a ranking: the order.
 * @param {(chosen: string[]) => void} choose
 * @param {(id: string, by: number) => void} move  Of a ranking.
 */
export function controls(poll, chosen, choose, move) {
  if (poll.kind === 'ranking') return ranking(poll, chosen, move);
  if (poll.kind === 'words') return words(poll, chosen, choose);
  const many = poll.kind === 'several';
  return html`<div class="poll-choices ${poll.kind === 'scale' ? 'poll-choices--scale' : ''}">${choicesOf(poll).map(({ id, text }) => html`
    <label class="poll-choice"><input type=${many ? 'checkbox' : 'radio'} name=${`poll-${poll.id}`} value=${id} .checked=${chosen.includes(id)}
      @change=${(/** @type {Event} */ event) => choose(picked(chosen, id, /** @type {HTMLInputElement} */ (event.target).checked, many))}>
      <span dir="auto">${typeset(text, poll.language)}${ends(poll, id)}</span></label>`)}</div>`;
}

/** @param {string[]} chosen @param {string} id @param {boolean} on @param {boolean} many */
function picked(chosen, id, on, many) {
  if (!many) return [id];
  return on ? [...chosen.filter((one) => one !== id), id] : chosen.filter((one) => one !== id);
}

/** @param {Poll} poll @param {string[]} order @param {(id: string, by: number) => void} move */
function ranking(poll, order, move) {
  const texts = new Map(poll.options.map(({ id, text }) => [id, text]));
  return html`<ol class="poll-ranking plain">${repeat(order, (id) => id, (id, n) => html`<li class="poll-rank">
    <span class="poll-rank__place num" aria-hidden="true">${n + 1}</span><span class="poll-rank__text" dir="auto">${typeset(texts.get(id) ?? '', poll.language)}</span>
    ${step(id, -1, n === 0, texts, n, move)}${step(id, 1, n === order.length - 1, texts, n, move)}</li>`)}</ol>`;
}

/** @param {string} id @param {number} by @param {boolean} end @param {Map<string, string>} texts @param {number} n @param {(id: string, by: number) => void} move */
function step(id, by, end, texts, n, move) {
  return html`<button type="button" class="button button--small" data-by=${by} data-id=${id} aria-disabled=${end ? 'true' : 'false'} @click=${() => end || move(id, by)}>
    <span aria-hidden="true">${by < 0 ? '↑' : '↓'}</span><span class="visually-hidden">${t(by < 0 ? 'poll.up' : 'poll.down', { text: texts.get(id) ?? '', place: n + 1 })}</span></button>`;
}

/** @param {Poll} poll @param {string[]} chosen @param {(chosen: string[]) => void} choose */
function words(poll, chosen, choose) {
  const fields = Array.from({ length: poll.most }, (_, n) => n);
  /** @param {Event} event */
  const typed = (event) => {
    const form = /** @type {HTMLElement} */ (event.target).closest('.poll-words');
    choose([...(form?.querySelectorAll('input') ?? [])].map((field) => field.value.trim()));
  };
  return html`<div class="poll-words stack stack--tight">${fields.map((n) => html`<label class="field"><span class="field__label">${poll.most > 1 ? t('poll.word.n', { n: n + 1 }) : t('poll.word')}</span>
    <input class="field__input" type="text" maxlength=${MOST_WORD_CHARACTERS} autocomplete="off" .value=${chosen[n] ?? ''} @input=${typed}></label>`)}</div>`;
}

/**
 * The hands of a hall, counted by its host.
 * @param {Poll} poll
 * @param {import('../state/types.js').OwnAnswer|undefined} own
 * @param {(counts: Record<string, number>, people: number) => void} send
 */
export function hallForm(poll, own, send) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const counts = Object.fromEntries(choicesOf(poll).map(({ id }) => [id, Number(data.get(`n${id}`)) || 0]));
    send(counts, Number(data.get('people')) || 0);
  };
  /** @param {string} name @param {unknown} label @param {number|undefined} value */
  const field = (name, label, value) => html`<label class="poll-hand"><span dir="auto">${label}</span>
    <input class="field__input num" type="number" inputmode="numeric" min="0" name=${name} .value=${value === undefined ? '' : String(value)}></label>`;
  return html`<details class="poll-hall" ?open=${Boolean(own?.hall)}><summary>${t('poll.hall')}</summary>
    <form class="stack stack--tight" @submit=${submit}><p class="small">${t('poll.hall.help')}</p>
      ${field('people', t('poll.hall.people'), own?.people || undefined)}
      ${choicesOf(poll).map(({ id, text }) => field(`n${id}`, html`${typeset(text, poll.language)}${ends(poll, id)}`, own?.hall?.[id]))}
      <button class="button">${t('poll.hall.send')}</button></form></details>`;
}
