// The dialog in which a poll is prepared or changed: its fields by its kind. It stays, with all that was written, until that is taken or left.
// What must not be here: requests (given).

import { html, nothing } from 'lit';
import { MOST_LABEL_CHARACTERS, MOST_OPTIONS, MOST_POLL_CHARACTERS, MOST_WORDS, POLL_KINDS, SCALE, USUAL_SCALE, WITH_OPTIONS } from '../state/poll_tables.js';
import { openDialog } from './dialogs.js';
import { language, t } from '../i18n.js';

/** @typedef {import('../state/types.js').Poll} Poll */

/** Names of fields → the kinds that have them. @type {Record<string, import('../state/poll_tables.js').PollKind[]>} */
const FIELDS = { options: WITH_OPTIONS, right: ['quiz'], several: ['several'], scale: ['scale'], words: ['words'] };

/** @param {Event} event */
function choose(event) {
  const select = /** @type {HTMLSelectElement} */ (event.target);
  show(/** @type {HTMLElement} */ (select.closest('form')), select.value);
}

/** Only the fields of the kind are there to fill in. @param {HTMLElement} form @param {string} kind */
function show(form, kind) {
  for (const part of /** @type {NodeListOf<HTMLFieldSetElement>} */ (form.querySelectorAll('[data-for]'))) {
    const mine = (FIELDS[part.dataset.for ?? ''] ?? []).some((one) => one === kind);
    part.hidden = !mine;
    part.disabled = !mine;
  }
}

/** @param {string} name @param {string} label @param {number|''} value @param {number} min @param {number} max */
function numberField(name, label, value, min, max) {
  return html`<label class="field poll-edit__number"><span class="field__label">${label}</span>
    <input class="field__input num" type="number" name=${name} min=${min} max=${max} .value=${String(value)}></label>`;
}

/** @param {string} kind @param {unknown} fields */
const part = (kind, fields) => html`<fieldset class="poll-edit__part row" data-for=${kind} ?hidden=${true}>${fields}</fieldset>`;

/**
 * @param {Poll|null} poll  What is changed; null: a new one.
 * @param {(made: Record<string, unknown>) => Promise<string>} send  Resolves with the refusal in words; empty: it is taken.
 */
export async function editPoll(poll, send) {
  let refused = '';
  const { draw, done } = openDialog(() => ({
    title: t(poll ? 'poll.desk.edit.title' : 'poll.desk.new'), confirm: t('poll.desk.save'), leave: t('dialog.cancel'),
    body: html`${refused ? html`<p class="field__error" role="alert">${refused}</p>` : nothing}${fields(poll)}`,
  }), async (data) => {
    refused = '';
    draw(); // the same refusal twice is said twice
    refused = await send(written(data, poll));
    draw();
    return !refused;
  });
  const form = /** @type {HTMLElement|null} */ (document.querySelector('dialog[open] form'));
  if (form) show(form, poll?.kind ?? 'single');
  await done;
}

/** @param {Poll|null} poll */
function fields(poll) {
  const kind = poll?.kind ?? 'single';
  const options = poll?.options.map(({ text }) => text).join('\n') ?? '';
  return html`
    <label class="field"><span class="field__label">${t('poll.field.question')}</span>
      <textarea class="field__input" name="question" rows="2" required maxlength=${MOST_POLL_CHARACTERS} .value=${poll?.question ?? ''}></textarea></label>
    <label class="field"><span class="field__label">${t('poll.kind')}</span>
      <select class="field__input" name="kind" @change=${choose}>${POLL_KINDS.map((one) => html`<option value=${one} ?selected=${one === kind}>${t(`poll.kind.${one}`)}</option>`)}</select></label>
    ${part('options', html`<label class="field poll-edit__wide"><span class="field__label">${t('poll.field.options')}</span>
      <textarea class="field__input" name="options" rows="4" .value=${options}></textarea></label>`)}
    ${part('right', numberField('right', t('poll.field.right'), poll?.right ? Number(poll.right) : '', 1, MOST_OPTIONS))}
    ${part('several', html`${numberField('several_least', t('poll.field.least'), kind === 'several' && poll ? poll.least : '', 1, MOST_OPTIONS)}${numberField('several_most', t('poll.field.most'), kind === 'several' && poll ? poll.most : '', 1, MOST_OPTIONS)}`)}
    ${part('scale', html`${numberField('scale_least', t('poll.field.low'), kind === 'scale' && poll ? poll.least : USUAL_SCALE[0] ?? 1, SCALE[0] ?? 0, SCALE[1] ?? 10)}
      ${numberField('scale_most', t('poll.field.high'), kind === 'scale' && poll ? poll.most : USUAL_SCALE[1] ?? 5, SCALE[0] ?? 0, SCALE[1] ?? 10)}
      ${label('low_label', poll?.low_label)}${label('high_label', poll?.high_label)}`)}
    ${part('words', numberField('words_most', t('poll.field.words'), kind === 'words' && poll ? poll.most : 1, 1, MOST_WORDS))}`;
}

/** @param {'low_label'|'high_label'} name @param {string|undefined} value */
function label(name, value) {
  return html`<label class="field poll-edit__wide"><span class="field__label">${t(`poll.field.${name}`)}</span>
    <input class="field__input" type="text" name=${name} maxlength=${MOST_LABEL_CHARACTERS} .value=${value ?? ''}></label>`;
}

/** @param {FormData} data @param {Poll|null} poll */
function written(data, poll) {
  const kind = String(data.get('kind'));
  /** @type {Record<string, unknown>} */
  const made = { kind, question: String(data.get('question') ?? ''), language: poll?.language || language() };
  const number = (/** @type {string} */ name) => (data.get(name) ? Number(data.get(name)) : undefined);
  if (data.has('options')) made.options = String(data.get('options')).split('\n').map((line) => line.trim()).filter(Boolean);
  for (const [name, value] of Object.entries({ right: number('right'), least: number(`${kind}_least`), most: number(`${kind}_most`) })) {
    if (value !== undefined) made[name] = value;
  }
  for (const name of ['low_label', 'high_label']) if (data.get(name)) made[name] = String(data.get(name));
  return made;
}
