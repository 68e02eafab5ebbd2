// The parts of the studio's page: what goes out, the layouts, the name at the foot, the devices; and its cards in words. Templates only.
// What must not be here: what a press does (studio.js).

import { html, nothing } from 'lit';
import { LAYOUTS, SIZES } from '../state/layouts.js';
import { factsOf } from '../state/facts.js';
import { pictured, signers } from '../state/seats.js';
import { asked, titlesOf } from '../state/studio.js';
import { deviceChoices } from './device_choices.js';
import { possible } from './devices.js';
import { icon } from './icon.js';
import { byline } from './question.js';
import { formatter, t, typeset } from '../i18n.js';

/** @typedef {import('./studio.js').Studio} Studio */

/** What a state is marked by (badges.css). @type {Record<string, string>} */
const MARKS = { sending: 'live', connecting: 'waiting', lost: 'refused', refused: 'refused', idle: 'quiet' };
/** That are offered for interpretation, as BCP 47 writes them. */
const LANGUAGES = ['en', 'fr', 'de', 'es', 'it', 'pt', 'nl', 'pl', 'uk', 'ar'];
/** Characters of a name, of a title, of the words of a pause. */
const MOST_NAME = 60;
const MOST_TITLE = 140;
const MOST_PAUSE = 120;

/**
 * @param {import('../state/types.js').Live|null} live
 * @param {string} event  Its name.
 * @param {string} pause  What is said while there is nothing to see.
 * @returns {import('./programme.js').Scene['cards']}
 */
function cardsOf(live, event, pause) {
  const facts = factsOf(live);
  const item = asked(live);
  const title = facts ? typeset(facts.title, facts.language) : event;
  return {
    title: { above: facts?.label ?? '', text: title, below: facts?.participants.map(({ name }) => name).join(' · ') ?? '' },
    slate: { above: event, text: pause, below: facts ? title : '' },
    ...(item ? { question: { above: t('studio.card.question'), text: t('quote', { text: typeset(item.text, item.language) }), below: byline(item) } } : {}),
  };
}

/** @param {string} code */
export const languageName = (code) => formatter(Intl.DisplayNames, { type: 'language' }).of(code) ?? code;

/** What the programme shows now. @param {Studio} studio @returns {import('./programme.js').Scene} */
export function sceneOf(studio) {
  const { live, layout, table } = studio;
  const item = asked(live);
  return {
    layout, cards: cardsOf(live, studio.event, studio.slate || t('studio.slate.words')), lower: studio.named && studio.lower.name ? studio.lower : null,
    people: named(studio.people), author: studio.people.find(({ question }) => question && question === item?.id)?.id ?? '',
    signers: named(signers(live?.seats)), signing: table.signing,
  };
}

/** As a programme names them. @param {import('../state/types.js').Seat[]} seats */
const named = (seats) => new Map(seats.map((seat) => [seat.id, { name: seat.name, title: seat.title, pictured: pictured(seat) }]));

/** @param {Studio} studio */
export function sending(studio) {
  const { state, line, on } = studio.outgoing;
  const { opened, tracks } = studio.inputs;
  const silent = Boolean(studio.sound?.silent);
  return html`<p class="camera__state" role="status"><span class="badge badge--${MARKS[state]}">${t(`camera.state.${state}`)}</span>
      ${state === 'sending' ? html`<span class="small num">${t(`camera.line.${line.word}`, { ...line })}</span>` : nothing}</p>
    ${studio.trouble ? html`<p class="note note--error" role="alert">${studio.trouble}</p>` : nothing}
    <div class="studio__sound"><svg class="level camera__level ${silent ? 'level--silence' : ''}" viewBox="0 0 60 4" preserveAspectRatio="none" role="img" aria-label=${t('camera.level')}><rect class="level__all" width="60" height="4"></rect><rect class="level__now" width="0" height="4"></rect></svg>
      ${silent ? html`<span class="small">${t('studio.muted')}</span>` : nothing}</div>
    <div class="buttons">
      ${opened ? nothing : html`<button type="button" class="button ${on ? '' : 'button--primary'}" ?disabled=${!possible()} @click=${() => studio.open()}>${t('camera.open')}</button>`}
      ${opened || tracks.screen || on ? html`<button type="button" class="button ${on ? 'button--danger' : 'button--primary'}" @click=${() => studio.go()}>${t(on ? 'camera.stop' : 'camera.send')}</button>` : nothing}
      ${studio.sound ? html`<button type="button" class="button" aria-pressed=${silent ? 'true' : 'false'} @click=${() => studio.mute()}>${icon(silent ? 'muted' : 'sound')} ${t('studio.mute')} <kbd>M</kbd></button>` : nothing}
      ${possible() ? html`<button type="button" class="button" aria-pressed=${tracks.screen ? 'true' : 'false'} @click=${() => studio.share()}>${icon('remote')} ${t('studio.share')}</button>` : nothing}
    </div>`;
}

/** @param {Studio} studio */
export function layoutButtons(studio) {
  return html`<div class="studio__layouts" role="group" aria-label=${t('studio.layouts')}>${LAYOUTS.map((layout, index) => html`<button type="button" class="button studio__layout"
      aria-pressed=${layout === studio.layout ? 'true' : 'false'} aria-disabled=${studio.can(layout) ? 'false' : 'true'} title=${studio.can(layout) ? nothing : t(`studio.lacks.${layout}`)}
      @click=${() => studio.cut(layout)}><kbd>${index + 1}</kbd> ${t(`studio.layout.${layout}`)}</button>`)}</div>`;
}

/** Who speaks: chosen from the programme, or typed. @param {Studio} studio */
export function lowerForm(studio) {
  const { facts, lower } = studio;
  const name = (/** @type {Event} */ event) => {
    const { value } = /** @type {HTMLInputElement} */ (event.target);
    studio.lower = { name: value, title: titlesOf(facts, value) || (titlesOf(facts, lower.name) ? '' : lower.title) };
  };
  const title = (/** @type {Event} */ event) => { studio.lower = { ...lower, title: /** @type {HTMLInputElement} */ (event.target).value }; };
  return html`<section class="stack stack--tight" aria-labelledby="studio-lower"><h2 class="subtitle" id="studio-lower">${t('studio.lower')}</h2>
    <label class="field"><span class="field__label">${t('studio.lower.name')}</span><input class="field__input" type="text" list="studio-people" autocomplete="off" maxlength=${MOST_NAME} .value=${lower.name} @input=${name}></label>
    <datalist id="studio-people">${facts?.participants.map((one) => html`<option value=${one.name}></option>`)}</datalist>
    <label class="field"><span class="field__label">${t('studio.lower.title')}</span><input class="field__input" type="text" autocomplete="off" maxlength=${MOST_TITLE} .value=${lower.title} @input=${title}></label>
    <div><button type="button" class="button" aria-pressed=${studio.named && lower.name ? 'true' : 'false'} ?disabled=${!lower.name} @click=${() => { studio.named = !studio.named; }}>${t('studio.lower.show')} <kbd>N</kbd></button></div></section>`;
}

/** @param {Studio} studio */
export function setUp(studio) {
  const { inputs, outgoing } = studio;
  const pause = (/** @type {Event} */ event) => studio.pause(/** @type {HTMLInputElement} */ (event.target).value);
  const size = (/** @type {Event} */ event) => studio.resize(/** @type {HTMLSelectElement} */ (event.target).value);
  const interpret = (/** @type {Event} */ event) => studio.interpret(/** @type {HTMLSelectElement} */ (event.target).value);
  return html`<details class="studio__more" ?open=${!inputs.opened}><summary>${t('studio.devices')}</summary>
      <div class="stack stack--tight">${deviceChoices(inputs.devices, inputs.from, (what, value) => inputs.choose(what, value), false)}
      <label class="field"><span class="field__label">${t('studio.size')}</span><select class="field__input" ?disabled=${outgoing.on || studio.table.calls.size > 0} @change=${size}>
        ${Object.keys(SIZES).map((one) => html`<option value=${one} ?selected=${one === studio.size}>${t(`studio.size.${one}`)}</option>`)}</select></label>
      <label class="field"><span class="field__label">${t('studio.interpreted')}</span><select class="field__input" name="interpreted" aria-describedby="studio-interpreted" ?disabled=${outgoing.on} @change=${interpret}>
        ${['', ...LANGUAGES].map((one) => html`<option value=${one} ?selected=${one === studio.interpreted}>${one ? languageName(one) : t('studio.interpreted.none')}</option>`)}</select>
        <span class="small quiet" id="studio-interpreted">${t('studio.interpreted.note')}</span></label></div></details>
    <details class="studio__more"><summary>${t('studio.slate')}</summary>
      <label class="field"><span class="field__label">${t('studio.slate.label')}</span><input class="field__input" type="text" autocomplete="off" maxlength=${MOST_PAUSE} placeholder=${t('studio.slate.words')} .value=${studio.slate} @change=${pause}></label></details>`;
}
