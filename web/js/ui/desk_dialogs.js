// The dialogs of the desk: why questions are declined, how one is worded. While one is open it says what a colleague decides meanwhile; what
// was typed stays until it is applied or left. What must not be here: requests (given), which question is chosen.

import { html, nothing } from 'lit';
import { openDialog } from './dialogs.js';
import { MOST_CHARACTERS, MOST_NOTE_CHARACTERS, REASONS } from '../state/tables.js';
import { allowed } from './card.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {import('./dialogs.js').Contents} Contents */
/** @typedef {(items: Item[], command: string, more: Record<string, unknown>) => Promise<string>} Send  Resolves with the refusal in words; empty: done. */

export class DeskDialogs {
  /** @param {{item: (id: string) => Item|undefined, removed: () => boolean, send: Send}} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {(() => void)|null} */
    this.draw = null;
  }

  /** Says what is true now. */
  refresh() {
    this.draw?.();
  }

  /** @param {Item} item */
  rephrase(item) {
    return this.#open([item], (now) => {
      const command = now[0] ? wording(now[0], this.desk.removed()) : null;
      return {
        command, title: t(command === 'rephrase' ? 'rephrase.title.published' : 'rephrase.title'), confirm: command ? t(`rephrase.confirm.${command}`) : '',
        body: html`<div class="field"><label class="field__label" for="rephrase-text">${t('rephrase.label')}</label>
          <textarea class="field__input" id="rephrase-text" name="text" required maxlength=${MOST_CHARACTERS} rows="5" autofocus .value=${item.text}></textarea>
          <p class="field__help">${t('rephrase.help')}</p></div>`,
      };
    }, (data) => ({ text: String(data.get('text') ?? '').trim() }));
  }

  /** One, or several for one reason. @param {Item[]} items */
  decline(items) {
    const [first] = items;
    return this.#open(items, (now) => {
      const may = now.some((item) => allowed(item, this.desk.removed()).includes('decline'));
      return {
        command: may ? 'decline' : null, title: tn('decline.title', items.length), confirm: may ? t('decline.confirm') : '',
        body: html`${items.length === 1 ? html`<blockquote class="dialog__quote" dir="auto">${first?.text}</blockquote>` : nothing}${WHY()}`,
      };
    }, (data) => {
      const note = String(data.get('note') ?? '').trim();
      return { reason: String(data.get('reason')), ...(note ? { note } : {}) };
    });
  }

  /**
   * @param {Item[]} items  As they were when it was opened.
   * @param {(now: Item[]) => Omit<Contents, 'leave'> & {command: string|null}} contents
   * @param {(data: FormData) => Record<string, unknown>} read
   */
  async #open(items, contents, read) {
    const now = () => items.map((item) => this.desk.item(item.id) ?? item);
    let refused = '';
    const { draw, done } = openDialog(() => {
      const { command, body, ...rest } = contents(now());
      const told = meanwhile(items, now()) ?? (refused ? html`<p class="field__error" role="alert">${refused}</p>` : nothing);
      return { ...rest, body: html`${told}${body}`, leave: t(command ? 'dialog.cancel' : 'help.close') };
    }, async (data) => {
      const { command } = contents(now());
      if (command) refused = await this.desk.send(now(), command, read(data));
      draw();
      return Boolean(command) && !refused;
    });
    this.draw = draw;
    const answer = await done;
    this.draw = null;
    return answer !== null;
  }
}

const WHY = () => html`<fieldset class="stack stack--tight"><legend class="field__label">${t('decline.reason')}</legend>
    <div class="choices choices--two">${REASONS.map((reason, n) => html`<label class="choice"><input type="radio" name="reason" value=${reason} required ?autofocus=${n === 0}>
      <span class="choice__body"><span class="choice__title">${t(`reason.${reason}`)}</span></span></label>`)}</div></fieldset>
  <div class="field"><label class="field__label" for="decline-note">${t('decline.note')}</label>
    <textarea class="field__input" id="decline-note" name="note" maxlength=${MOST_NOTE_CHARACTERS} rows="2"></textarea>
    <p class="field__help">${t('decline.help')}</p></div>`;

/** With which command a new wording is given now; null where it cannot be. @param {Item} item @param {boolean} removed */
function wording(item, removed) {
  const may = allowed(item, removed);
  return may.includes('publish') ? 'publish' : may.includes('rephrase') ? 'rephrase' : null;
}

/** What colleagues have decided since the dialog was opened; null: nothing. @param {Item[]} before @param {Item[]} now */
function meanwhile(before, now) {
  const changed = now.filter((item, n) => item.status !== before[n]?.status || item.text !== before[n]?.text);
  const [item] = changed;
  if (!item) return null;
  const who = item.changed_by || t('desk.someone');
  if (before.length > 1) return html`<p class="note" role="alert">${tn('dialog.meanwhile.several', changed.length)}</p>`;
  return html`<div class="note" role="alert"><p>${item.status === before[0]?.status ? t('dialog.meanwhile.words', { who }) : t('dialog.meanwhile', { who, status: t(`status.${item.status}`) })}</p>
    ${item.text === before[0]?.text ? nothing : html`<blockquote class="dialog__quote" dir="auto">${item.text}</blockquote>`}</div>`;
}
