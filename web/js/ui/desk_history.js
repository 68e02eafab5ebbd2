// The history of a question: what was done with it, when, by whom and in which duty, why, in which words; and the way back from the last step.
// What must not be here: what taking back means (the service), requests (given).

import { html, nothing } from 'lit';
import { why } from '../net/problem.js';
import { openDialog } from './dialogs.js';
import { reasonWords } from './reason_words.js';
import { clock, first, language, t } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {{version: number, at: string, step: string, reason: string, why: Record<string, string>, note: string, by: string, duty: string, text: string, sentences: Record<string, string>}} Line */

/**
 * @typedef {object} Desk
 * @property {(id: string) => Item|undefined} item
 * @property {(id: string) => Promise<Line[]>} history
 * @property {(item: Item) => Promise<string>} undo  Resolves with the refusal in words; empty: done.
 */

/** Resolves when it is closed. @param {string} id @param {Desk} desk */
export async function openHistory(id, desk) {
  /** @type {Line[]|null} */
  let lines = null;
  let words = '';
  const { draw, done } = openDialog(() => contents(desk.item(id), lines, words, back));
  const read = async () => {
    try {
      lines = await desk.history(id);
    } catch (failure) {
      words = why(failure);
    }
    draw();
  };
  async function back() {
    const item = desk.item(id);
    words = item ? await desk.undo(item) : '';
    await read();
  }
  await read();
  await done;
}

/** @param {Item|undefined} item @param {Line[]|null} lines @param {string} words @param {() => void} back @returns {import('./dialogs.js').Contents} */
function contents(item, lines, words, back) {
  const body = html`<blockquote class="dialog__quote" dir="auto">${item?.text}</blockquote>
    ${words ? html`<p class="field__error" role="alert">${words}</p>` : nothing}
    ${lines ? html`<ol class="plain history">${lines.map(line)}</ol>` : html`<p class="quiet">${t('desk.loading')}</p>`}
    ${item?.undo ? html`<p><button type="button" class="button button--small" @click=${back}>${t('card.undo', { step: t(`command.${item.undo}`) })}</button></p>` : nothing}`;
  return { title: t('history.title'), body, confirm: '', leave: t('help.close') };
}

/** @param {Line} line */
function line({ at, by, duty, reason, why: own, note, text, sentences }) {
  const who = [by, first(`history.duty.${duty}`, 'history.duty.none')].filter(Boolean).join(', ');
  return html`<li class="history__line"><time class="num quiet" datetime=${at}>${clock(at)}</time>
    <div><p>${sentences[language()] ?? Object.values(sentences)[0]} <span class="small quiet">${who}</span></p>
      ${reason ? html`<p class="small">${reasonWords(reason, own)}</p>` : nothing}
      ${note ? html`<p class="small" dir="auto">${note}</p>` : nothing}
      ${text ? html`<p class="small history__text" dir="auto">${text}</p>` : nothing}</div></li>`;
}
