// The dialogs of the desk: opened on one question or several, sent once. While one is open it says what a colleague decides meanwhile; what was
// typed stays until it is applied or left. What must not be here: what each asks (desk_forms.js), requests (given), which question is chosen.

import { html, nothing } from 'lit';
import { openDialog } from './dialogs.js';
import { FORMS } from './desk_forms.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {(items: Item[], command: string, more: Record<string, unknown>) => Promise<string>} Send  Resolves with the refusal in words; empty: done. */

export class DeskDialogs {
  /** @param {import('./desk_forms.js').Desk & {send: Send}} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {(() => void)|null} */
    this.draw = null;
  }

  /** Says what is true now. */
  refresh() {
    this.draw?.();
  }

  /** Whether it asks for more than the press. @param {string} command */
  has(command) {
    return command in FORMS;
  }

  /**
   * Resolves with whether it was done.
   * @param {string} name  In FORMS.
   * @param {Item[]} items  As they were when it was opened: one, or several for one answer.
   */
  async ask(name, items) {
    const { contents, read } = /** @type {import('./desk_forms.js').Make} */ (FORMS[name])(items, this.desk, () => this.refresh());
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

/** What colleagues have decided since the dialog was opened; null: nothing. @param {Item[]} before @param {Item[]} now */
function meanwhile(before, now) {
  const changed = now.filter((item, n) => ['status', 'text', 'draft'].some((name) => /** @type {any} */ (item)[name] !== /** @type {any} */ (before[n])?.[name]));
  const [item] = changed;
  if (!item) return null;
  const who = item.changed_by || t('desk.someone');
  if (before.length > 1) return html`<p class="note" role="alert">${tn('dialog.meanwhile.several', changed.length)}</p>`;
  const what = item.text === before[0]?.text ? 'draft' : 'words';
  return html`<div class="note" role="alert"><p>${item.status === before[0]?.status ? t(`dialog.meanwhile.${what}`, { who }) : t('dialog.meanwhile', { who, status: t(`status.${item.status}`) })}</p>
    ${item.text === before[0]?.text ? nothing : html`<blockquote class="dialog__quote" dir="auto">${item.text}</blockquote>`}</div>`;
}
