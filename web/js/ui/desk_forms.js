// What each dialog of the desk asks, and what it makes of the answer. Templates and reading forms only.
// What must not be here: how a dialog opens and what it says meanwhile (desk_dialogs.js), requests.

import { html, nothing } from 'lit';
import { allowed } from '../state/possible.js';
import { MOST_CHARACTERS, MOST_NOTE_CHARACTERS } from '../state/tables.js';
import { area, line, quote, typed, unique } from './desk_fields.js';
import { merge } from './desk_merge.js';
import { reasonWords } from './reason_words.js';
import { dayOf, t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {Omit<import('./dialogs.js').Contents, 'leave'> & {command: string|null}} Contents  `command`: null where it can be done no more. */
/** @typedef {{contents: (now: Item[]) => Contents, read: (data: FormData) => Record<string, unknown>}} Form */

/**
 * @typedef {object} Desk  What a form is told by the desk.
 * @property {(id: string) => Item|undefined} item
 * @property {() => Item[]} items
 * @property {() => boolean} removed
 * @property {() => import('../state/types.js').Reason[]} reasons  Why a question may be declined.
 * @property {() => string[]} speakers  Names of those at the table.
 * @property {(text: string) => Promise<import('../state/suggesting.js').Similar[]>} similar
 */
/** @typedef {(items: Item[], desk: Desk, changed: () => void) => Form} Make  `changed`: draws it again. */

/** @type {Record<string, Make>} */
export const FORMS = { rephrase, decline, merge, assign, defer, write, release, erase };

/**
 * A form about one question that sends one command.
 * @param {string} command @param {Item[]} items @param {Desk} desk @param {unknown} body @param {Form['read']} read @returns {Form}
 */
function about(command, [item], desk, body, read) {
  return {
    contents: ([now]) => {
      const may = now && allowed(now, desk.removed()).includes(command);
      return { command: may ? command : null, title: t(`${command}.title`), confirm: may ? t(`${command}.confirm`) : '', body: html`${quote(item)}${body}` };
    },
    read,
  };
}

/** @type {Make} */
function rephrase(items, desk) {
  return {
    contents: ([now]) => {
      const command = now ? wording(now, desk.removed()) : null;
      return {
        command, title: t(command === 'rephrase' ? 'rephrase.title.published' : 'rephrase.title'), confirm: command ? t(`rephrase.confirm.${command}`) : '',
        body: area('rephrase', items[0]?.text ?? '', MOST_CHARACTERS),
      };
    },
    read: (data) => ({ text: typed(data, 'text') }),
  };
}

/** With which command a new wording is given now; null where it cannot be. @param {Item} item @param {boolean} removed */
function wording(item, removed) {
  const may = allowed(item, removed);
  return may.includes('publish') ? 'publish' : may.includes('rephrase') ? 'rephrase' : null;
}

/** @type {Make} */
function decline(items, desk) {
  return {
    contents: (now) => {
      const may = now.some((item) => allowed(item, desk.removed()).includes('decline'));
      return {
        command: may ? 'decline' : null, title: tn('decline.title', items.length), confirm: may ? t('decline.confirm') : '',
        body: html`${items.length === 1 ? quote(items[0]) : nothing}${WHY(desk.reasons())}`,
      };
    },
    read: (data) => {
      const note = typed(data, 'note');
      return { reason: String(data.get('reason')), ...(note ? { note } : {}) };
    },
  };
}

/** @param {import('../state/types.js').Reason[]} reasons */
const WHY = (reasons) => html`<fieldset class="stack stack--tight"><legend class="field__label">${t('decline.reason')}</legend>
    <div class="choices choices--two">${reasons.map(({ id, words }, n) => html`<label class="choice"><input type="radio" name="reason" value=${id} required ?autofocus=${n === 0}>
      <span class="choice__body"><span class="choice__title">${reasonWords(id, words)}</span></span></label>`)}</div></fieldset>
  <div class="field"><label class="field__label" for="decline-note">${t('decline.note')}</label>
    <textarea class="field__input" id="decline-note" name="note" maxlength=${MOST_NOTE_CHARACTERS} rows="2"></textarea>
    <p class="field__help">${t('decline.help')}</p></div>`;

/** To somebody at the table, to a theme. @type {Make} */
function assign(items, desk) {
  const [item] = items;
  const speakers = unique([...desk.speakers(), item?.speaker ?? '']);
  const themes = desk.items().map((one) => one.theme ?? '');
  const choices = ['', ...speakers].map((name) => html`<label class="choice"><input type="radio" name="speaker" value=${name} .checked=${name === (item?.speaker ?? '')} ?autofocus=${name === (item?.speaker ?? '')}>
    <span class="choice__body"><span class="choice__title" dir="auto">${name || t('assign.nobody')}</span></span></label>`);
  return about('assign', items, desk, html`<fieldset class="stack stack--tight"><legend class="field__label">${t('assign.speaker')}</legend><div class="choices choices--two">${choices}</div></fieldset>
    ${line('theme', item?.theme ?? '', themes, t('assign.theme'), false)}`, (data) => ({ speaker: typed(data, 'speaker'), theme: typed(data, 'theme') }));
}

/** @type {Make} */
function defer(items, desk) {
  const today = dayOf(Date.now());
  const last = dayOf(Date.now() + 365 * 86_400_000);
  const owners = [...desk.speakers(), ...desk.items().map((one) => one.owner)];
  return about('defer', items, desk, html`${line('owner', items[0]?.speaker ?? '', owners, t('defer.owner'), true)}
    <div class="field"><label class="field__label" for="form-due">${t('defer.due')}</label>
      <input class="field__input" id="form-due" name="due" type="date" required min=${today} max=${last}>
      <p class="field__help">${t('defer.help')}</p></div>`, (data) => ({ owner: typed(data, 'owner'), due: typed(data, 'due') }));
}

/** @type {Make} */
function write(items, desk) {
  const [item] = items;
  return about('write', items, desk, area('write', item?.draft || item?.answer || '', MOST_CHARACTERS), (data) => ({ text: typed(data, 'text') }));
}

/** Read by somebody else before everybody reads it. @type {Make} */
function release(items, desk) {
  const form = about('release', items, desk, nothing, () => ({}));
  return {
    ...form,
    contents: (now) => {
      const [item] = now;
      return { ...form.contents(now), body: html`${quote(item)}<div class="field"><p class="field__label">${t('release.written', { who: item?.draft_name || t('desk.someone') })}</p>
        <p class="dialog__answer" dir="auto">${item?.draft}</p><p class="field__help">${t('release.help')}</p></div>` };
    },
  };
}

/** For good. @type {Make} */
function erase([item]) {
  return {
    contents: ([now]) => {
      const may = now && now.status !== 'erased';
      return { command: may ? 'erase' : null, title: t('erase.title'), confirm: may ? t('erase.confirm') : '', body: html`${quote(item)}<p>${t('erase.help')}</p>` };
    },
    read: () => ({}),
  };
}
