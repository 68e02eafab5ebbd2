// The dialog that merges duplicates: into which question, those that ask nearly the same first, the others by words; of several that were
// picked, which one stays. What must not be here: what merging does to votes, requests (given).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { allowed, goals } from '../state/possible.js';
import { saying } from '../state/search.js';
import { standing } from './card.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** So many are offered at once; words find the others. */
const OFFERED = 8;

/** @type {import('./desk_forms.js').Make} */
export function merge(items, desk, changed) {
  const choice = new Goals(items, desk, changed);
  return {
    contents: (now) => {
      const may = now.some((item) => allowed(item, desk.removed()).includes('merge'));
      return { command: may ? 'merge' : null, title: tn('merge.title', items.length), confirm: may ? t('merge.confirm') : '', body: choice.body() };
    },
    read: (data) => ({ into: String(data.get('into')) }),
  };
}

class Goals {
  /** @param {Item[]} items @param {import('./desk_forms.js').Desk} desk @param {() => void} changed */
  constructor(items, desk, changed) {
    this.items = items;
    this.desk = desk;
    this.changed = changed;
    this.said = '';
    /** Those that ask nearly the same. @type {string[]} */
    this.alike = [];
    if (items.length === 1) this.#look(items[0]?.text ?? '');
  }

  /** @param {string} text */
  async #look(text) {
    this.alike = (await this.desk.similar(text).catch(() => [])).map(({ id }) => id); // without them all can be found by words
    this.changed();
  }

  body() {
    const several = this.items.length > 1;
    return html`${several ? nothing : html`<blockquote class="dialog__quote" dir="auto">${this.items[0]?.text}</blockquote>
      <div class="field"><label class="field__label" for="merge-find">${t('merge.find')}</label>
        <input type="search" class="field__input" id="merge-find" autocomplete="off" autofocus @input=${(/** @type {Event} */ event) => this.#find(/** @type {HTMLInputElement} */ (event.target).value)} @keydown=${stay}></div>`}
      <fieldset class="stack stack--tight"><legend class="field__label">${t(several ? 'merge.which' : 'merge.into')}</legend>${this.#list(this.#offered(several))}</fieldset>
      <p class="field__help">${t('merge.help')}</p>`;
  }

  /** @param {string} said */
  #find(said) {
    this.said = said;
    this.changed();
  }

  /** @param {boolean} several  Then one of them stays. @returns {Item[]} */
  #offered(several) {
    if (several) return goals(this.items.map((item) => this.desk.item(item.id) ?? item), []);
    const all = goals(this.desk.items(), this.items).filter(matchingWords(this.said));
    const near = this.said ? [] : this.alike.flatMap((id) => all.find((item) => item.id === id) ?? []);
    return [...near, ...all.filter((item) => !near.includes(item))].slice(0, OFFERED);
  }

  /** @param {Item[]} offered */
  #list(offered) {
    if (!offered.length) return html`<p class="quiet">${t('desk.none.found')}</p>`;
    return html`<div class="choices choices--many">${repeat(offered, ({ id }) => id, (item) => html`<label class="choice"><input type="radio" name="into" value=${item.id} required>
      <span class="choice__body"><span class="choice__title" dir="auto">${item.text}</span>
        <span class="choice__help small quiet">${standing(item)} · ${tn('votes', item.votes)}${this.alike.includes(item.id) ? ` · ${t('merge.alike')}` : ''}</span></span></label>`)}</div>`;
  }
}

/** @param {string} said @returns {(item: Item) => boolean} */
function matchingWords(said) {
  const says = saying(said);
  return ({ text, original }) => says(`${text}\n${original ?? ''}`);
}

/** Enter finds; it does not merge. @param {KeyboardEvent} event */
function stay(event) {
  if (event.key === 'Enter') event.preventDefault();
}
