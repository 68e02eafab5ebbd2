// The parts of one's own seat: what is shown in each of its states, in words that a person who has never done this understands. Templates only.
// What must not be here: what a press does (seat.js).

import { html, nothing } from 'lit';
import { choices } from '../state/camera.js';
import { pictured, secondsLeft } from '../state/seats.js';
import { NONE, possible } from './devices.js';
import { icon } from './icon.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('./seat.js').OwnSeatPanel} Panel */
/** @typedef {import('./seat.js').OwnSeat} OwnSeat */

/** Characters of a name and of a title, as the service takes them. */
const MOST_NAME = 80;
const MOST_TITLE = 160;

/** @param {Panel} panel @param {string} title @param {unknown} inside @param {string} [kind] */
function frame(panel, title, inside, kind = '') {
  return html`<section class="seat ${kind ? `seat--${kind}` : ''}" aria-labelledby="seat-title"><h2 class="seat__title" id="seat-title">${title}</h2>
    ${panel.words ? html`<p class="note note--error small" role="alert">${panel.words}</p>` : nothing}${inside}</section>`;
}

/** @param {Panel} panel @param {OwnSeat} seat */
export function invitation(panel, seat) {
  const left = secondsLeft(seat, panel.now);
  if (panel.wants) return frame(panel, t('seat.consent'), agreement(panel));
  const able = possible();
  return frame(panel, t('seat.invited'), html`<p>${t(able ? 'seat.invited.text' : 'seat.unable')}</p>
    <p class="small quiet num" role="timer">${tn('seat.left', left)}</p>
    <div class="buttons">${able ? html`<button type="button" class="button button--primary" @click=${() => panel.come()}>${t('seat.come')}</button>` : nothing}
      <button type="button" class="button" @click=${() => panel.step('decline')}>${t('seat.decline')}</button></div>`);
}

/** Whoever was sent a link, before they come. @param {Panel} panel */
export function expected(panel) {
  const able = possible();
  return frame(panel, t('seat.expected'), html`<p>${t(able ? 'seat.expected.text' : 'seat.unable')}</p>
    <div class="buttons">${able ? html`<button type="button" class="button button--primary" @click=${() => panel.enter()}>${t('seat.try')}</button>` : nothing}
      <button type="button" class="button" @click=${() => panel.later()}>${t('seat.later')}</button></div>`);
}

/** What one agrees to, and the name that is shown. @param {Panel} panel */
function agreement(panel) {
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    panel.accept(String(data.get('name')).trim(), String(data.get('title')).trim());
  };
  return html`<form class="stack stack--tight" @submit=${submit}><p class="small">${panel.consentWords}</p>
    <label class="field"><span class="field__label">${t('seat.name')}</span><input class="field__input" type="text" name="name" required autocomplete="name" maxlength=${MOST_NAME} .defaultValue=${panel.seat?.name || (panel.session?.pass?.person.name ?? '')}></label>
    <label class="field"><span class="field__label">${t('seat.as')}</span><input class="field__input" type="text" name="title" autocomplete="off" maxlength=${MOST_TITLE}></label>
    <label class="switch"><input type="checkbox" .checked=${panel.voice} @change=${(/** @type {Event} */ event) => { panel.voice = /** @type {HTMLInputElement} */ (event.target).checked; }}><span>${t('seat.voice')}</span></label>
    <div class="buttons"><button class="button button--primary">${t('seat.accept')}</button>
      <button type="button" class="button" @click=${() => panel.step('decline')}>${t('seat.decline')}</button></div></form>`;
}

/** @param {Panel} panel @param {OwnSeat} seat */
export function checking(panel, seat) {
  const { inputs } = panel;
  const heard = Boolean(inputs?.tracks.sound);
  return frame(panel, t('seat.checking'), html`${own(panel, seat)}
    ${inputs?.trouble ? html`<p class="note note--error small" role="alert">${t(inputs.trouble)}</p>
      <div><button type="button" class="button button--small" @click=${() => inputs.open()}>${t('seat.again')}</button></div>` : nothing}
    <div class="seat__devices">${devices(panel, seat)}</div>
    ${line(panel, seat)}
    <div class="buttons"><button type="button" class="button button--primary" ?disabled=${panel.call?.state !== 'connected' || !heard} @click=${() => panel.ready()}>${t('seat.ready')}</button>
      <button type="button" class="button" @click=${() => panel.leave()}>${t('seat.leave')}</button></div>`);
}

/** Ready, on air, or lost for a moment. @param {Panel} panel @param {OwnSeat} seat */
export function atTheTable(panel, seat) {
  const live = seat.state === 'on_air';
  const mark = live ? 'live' : seat.state === 'lost' ? 'refused' : 'waiting';
  return frame(panel, t('seat.table'), html`<p role="status"><span class="badge badge--${mark}">${t(`seat.state.${seat.state}`)}</span> ${seat.muted ? html`<span class="small">${t('seat.muted.by')}</span>` : nothing}</p>
    <div class="seat__room" role="img" aria-label=${t('seat.room')}></div>
    ${panel.sink.blocked ? html`<p><button type="button" class="button button--primary" @click=${() => panel.sink.go().then(() => panel.requestUpdate())}>${t('seat.sound')}</button></p>` : nothing}
    <div class="seat__mine">${own(panel, seat, true)}</div>
    ${panel.inputs?.trouble ? html`<p class="note note--error small" role="alert">${t(panel.inputs.trouble)}</p>` : nothing}
    ${line(panel, seat)}
    <div class="buttons"><button type="button" class="button" aria-pressed=${panel.silent ? 'true' : 'false'} @click=${() => panel.mute()}>${icon(panel.silent ? 'muted' : 'sound')} ${t(panel.silent ? 'seat.unmute' : 'seat.mute')}</button>
      <button type="button" class="button button--danger" @click=${() => panel.leave()}>${t('seat.leave')}</button></div>
    <details class="seat__more small"><summary>${t('seat.devices')}</summary><div class="seat__devices">${devices(panel, seat)}</div></details>`, live ? 'live' : '');
}

/** Another page of the same person has it. @param {Panel} panel */
export function taken(panel) {
  return frame(panel, t('seat.elsewhere'), html`<p>${t('seat.elsewhere.text')}</p>
    <div class="buttons"><button type="button" class="button button--primary" ?disabled=${!possible()} @click=${() => panel.begin()}>${t('seat.here')}</button></div>`);
}

/** @param {Panel} panel @param {OwnSeat} seat */
export function over(panel, seat) {
  return frame(panel, t('seat.over'), html`<p role="status">${t(`seat.over.${seat.state}`)}</p>
    <div><button type="button" class="button button--small" @click=${() => panel.dismiss()}>${t('seat.close')}</button></div>`);
}

/** How one is seen and heard. @param {Panel} panel @param {OwnSeat} seat @param {boolean} [terse]  Why there is no picture was said before. */
function own(panel, seat, terse = false) {
  const seen = Boolean(panel.inputs?.tracks.room);
  return html`<div class="seat__self"><video class="seat__own" muted playsinline autoplay aria-label=${t('camera.preview')} ?hidden=${!seen}></video>
    ${seen ? nothing : html`<p class="seat__voice small">${t(terse ? 'seat.by_voice' : seat.no_picture ? 'seat.no_picture' : 'seat.voice_only')}</p>`}</div>
    <svg class="level seat__level" viewBox="0 0 60 4" preserveAspectRatio="none" role="img" aria-label=${t('camera.level')}><rect class="level__all" width="60" height="4"></rect><rect class="level__now" width="0" height="4"></rect></svg>`;
}

/** How the line to the room is, in words. @param {Panel} panel @param {OwnSeat} seat */
function line(panel, seat) {
  const word = seat.studio || panel.call?.state === 'connected' ? panel.quality : 'no_studio';
  const thin = word === 'thin' && panel.inputs?.tracks.room;
  return html`<p class="small" role="status">${t(`seat.line.${word}`, { ms: panel.line.roundTrip })}</p>
    ${thin ? html`<div><button type="button" class="button button--small" @click=${() => panel.voiceAlone()}>${t('seat.voice_alone')}</button></div>` : nothing}`;
}

/** @param {Panel} panel @param {OwnSeat} seat */
function devices(panel, seat) {
  const { inputs } = panel;
  if (!inputs) return nothing;
  const cameras = choices(inputs.devices, 'videoinput', (n) => t('camera.unnamed.video', { n })).map(({ id, name }) => ({ id, name }));
  const microphones = choices(inputs.devices, 'audioinput', (n) => t('camera.unnamed.audio', { n }));
  const speakers = inputs.devices.filter(({ kind, deviceId, label }) => kind === 'audiooutput' && deviceId && label);
  return html`${pictured(seat) ? list(t('camera.from.video'), [...cameras, { id: NONE, name: t('camera.no_picture') }], inputs.from.video, (id) => inputs.choose('video', id)) : nothing}
    ${list(t('camera.from.audio'), microphones, inputs.from.audio, (id) => inputs.choose('audio', id))}
    ${speakers.length > 1 && 'setSinkId' in HTMLMediaElement.prototype ? list(t('seat.speaker'), speakers.map(({ deviceId, label }) => ({ id: deviceId, name: label })), 'default', (id) => panel.sink.through(id)) : nothing}`;
}

/** @param {string} label @param {{id: string, name: string}[]} options @param {string} chosen @param {(id: string) => unknown} choose */
function list(label, options, chosen, choose) {
  return html`<label class="field"><span class="field__label small">${label}</span>
    <select class="field__input" @change=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)}>
      ${options.map(({ id, name }) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}</select></label>`;
}
