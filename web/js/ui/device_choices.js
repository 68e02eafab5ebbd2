// Which camera, which microphone, and what kind of sound: three lists. What must not be here: the devices themselves (devices.js).

import { html } from 'lit';
import { choices } from '../state/camera.js';
import { NONE, SCREEN } from './devices.js';
import { t } from '../i18n.js';

/** @typedef {{video: string, audio: string, kind: string}} From */
/** @typedef {(what: keyof From, value: string) => void} Choose */

/** @param {MediaDeviceInfo[]} devices @param {From} from @param {Choose} choose @param {boolean} screen  Whether a screen stands among the cameras. */
export function deviceChoices(devices, from, choose, screen = true) {
  const kinds = ['laptop', 'desk'].map((kind) => [kind, t(`camera.sound.${kind}`)]);
  return html`
    ${list('video', t('camera.from.video'), [...named(devices, 'videoinput', 'video'), ...(screen ? [[SCREEN, t('camera.screen')]] : []), [NONE, t('camera.no_picture')]], from, choose)}
    ${list('audio', t('camera.from.audio'), [...named(devices, 'audioinput', 'audio'), [NONE, t('camera.no_sound')]], from, choose)}
    ${list('kind', t('camera.sound.kind'), kinds, from, choose)}`;
}

/** @param {MediaDeviceInfo[]} devices @param {'videoinput'|'audioinput'} kind @param {string} what @returns {string[][]} */
function named(devices, kind, what) {
  const those = choices(devices, kind, (n) => t(`camera.unnamed.${what}`, { n })).map(({ id, name }) => [id, name]);
  return those.length ? those : [['', t('camera.any')]];
}

/** @param {keyof From} what @param {string} label @param {string[][]} options @param {From} from @param {Choose} choose */
function list(what, label, options, from, choose) {
  const chosen = (/** @type {Event} */ event) => choose(what, /** @type {HTMLSelectElement} */ (event.target).value);
  return html`<label class="field"><span class="field__label">${label}</span>
    <select class="field__input" @change=${chosen}>${options.map(([id, name]) => html`<option value=${id ?? ''} ?selected=${id === from[what]}>${name}</option>`)}</select></label>`;
}
