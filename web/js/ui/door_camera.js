// The camera of a desk, and the field for who has a code on paper that no camera reads. What must not be here: what a code means.

import { html, nothing } from 'lit';
import { codeReader, watchFor } from '../net/code_reader.js';
import { icon } from './icon.js';
import { LiveElement, define } from './live_element.js';
import { t } from '../i18n.js';

/** The same code in front of the camera is one scan for so long, in ms. */
const SAME = 4_000;

class DoorCamera extends LiveElement {
  static properties = { on: { state: true }, failed: { state: true } };

  constructor() {
    super();
    this.on = false;
    this.failed = '';
    this.last = { text: '', at: 0 };
    /** @type {AbortController|null} */
    this.looking = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  render() {
    return html`<div class="door-camera">
      <div class="door-camera__view" ?hidden=${!this.on}><video muted playsinline aria-label=${t('door.camera.view')}></video></div>
      ${this.failed ? html`<p class="note note--error" role="alert">${this.failed}</p>` : nothing}
      <button type="button" class="button ${this.on ? '' : 'button--primary'} door-camera__switch" aria-pressed=${this.on} @click=${() => (this.on ? this.#stop() : this.#start())}>
        ${icon(this.on ? 'close' : 'image_yes')}${t(this.on ? 'door.camera.stop' : 'door.camera.start')}</button>
      <form class="door-camera__typed" @submit=${this.#typed}>
        <label class="visually-hidden" for="door-code">${t('door.code')}</label>
        <input class="field__input" id="door-code" name="code" placeholder="7K2M-9QXD-…" autocomplete="off" autocapitalize="characters" spellcheck="false" enterkeyhint="go" maxlength="40" required>
        <button class="button">${t('door.code.check')}</button>
      </form></div>`;
  }

  async #start() {
    this.failed = '';
    const looking = new AbortController();
    this.looking = looking;
    try {
      const media = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
      looking.signal.addEventListener('abort', () => media.getTracks().forEach((track) => track.stop()));
      if (looking.signal.aborted) return media.getTracks().forEach((track) => track.stop());
      const picture = /** @type {HTMLVideoElement} */ (this.querySelector('video'));
      picture.srcObject = media;
      await picture.play();
      this.on = true;
      const read = await codeReader();
      await watchFor(picture, read, (text) => this.#seen(text), looking.signal);
    } catch {
      this.#stop();
      this.failed = t('door.camera.none');
    }
  }

  #stop() {
    this.looking?.abort();
    this.looking = null;
    this.on = false;
  }

  /** @param {string} text */
  #seen(text) {
    const now = Date.now();
    const again = text === this.last.text && now - this.last.at < SAME;
    this.last = { text, at: now };
    if (!again) this.tell('code', text);
  }

  /** @param {SubmitEvent} event */
  #typed(event) {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (this.querySelector('#door-code'));
    this.tell('code', field.value);
    field.value = '';
  }
}

define('tablee-door-camera', DoorCamera);
