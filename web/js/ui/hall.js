// What the host of a local hub does for the people there: counts raised hands, asks for one of them. Templates only.
// What must not be here: requests (given), who is a host.

import { html, nothing } from 'lit';
import { MOST_LABEL_CHARACTERS } from '../state/tables.js';
import { t, tn } from '../i18n.js';

/**
 * The hands raised for a question, instead of the host's own vote.
 * @param {string} id
 * @param {number} hands  Those that were counted.
 * @param {number} people  In the hall.
 * @param {(id: string, hands: number) => void} count
 */
export function handCount(id, hands, people, count) {
  if (!people) return nothing;
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    count(id, Number(data.get('hands')) || 0);
  };
  return html`<form class="hand-count" @submit=${submit}><label class="small" for="hands-${id}">${tn('hall.hands', people)}</label>
    <input class="field__input num" id="hands-${id}" name="hands" type="number" inputmode="numeric" min="0" max=${people} required aria-describedby="q-${id}"
      .value=${String(hands)}><button class="button button--small">${t('hall.count')}</button></form>`;
}

/**
 * Whether a question is somebody else's there, and whose.
 * @param {{hall?: boolean, name?: string}} kept
 * @param {number} people
 * @param {(change: {hall?: boolean, name?: string}) => void} change
 */
export function forHall(kept, people, change) {
  if (!people) return nothing;
  return html`<label class="switch"><input type="checkbox" .checked=${Boolean(kept.hall)}
      @change=${(/** @type {Event} */ event) => change({ hall: /** @type {HTMLInputElement} */ (event.target).checked })}><span>${t('hall.ask')}</span></label>
    ${kept.hall ? html`<label class="field"><span class="field__label">${t('hall.name')}</span><input class="field__input" type="text" autocomplete="off"
      maxlength=${MOST_LABEL_CHARACTERS} .value=${kept.name ?? ''} @input=${(/** @type {Event} */ event) => change({ name: /** @type {HTMLInputElement} */ (event.target).value })}></label>` : nothing}`;
}
