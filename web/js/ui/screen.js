// The screen in the room: the question on stage as large as the screen allows, else how to ask one. Nothing to press.
// A lost connection leaves the last frame as it is, with a small quiet mark. What must not be here: connecting, requests.

import { html, nothing } from 'lit';
import { fit } from './fit.js';
import { LiveElement, define } from './live_element.js';
import { byline } from './question.js';
import { language, typeset, t, tn } from '../i18n.js';

class Screen extends LiveElement {
  static properties = { live: { attribute: false }, connection: { attribute: false }, refusal: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** @type {import('../net/feed.js').ConnectionState} */
    this.connection = 'connecting';
    /** @type {{code: string, sentences?: Record<string, string>}|null} */
    this.refusal = null;
    this.label = this.dataset.title ?? '';
    this.qr = this.dataset.qr ?? '';
    this.address = this.dataset.address ?? location.host;
  }

  firstUpdated() {
    const again = () => this.#fit();
    addEventListener('resize', again);
    document.fonts?.ready.then(again);
    this.#stayAwake();
    document.addEventListener('visibilitychange', () => document.hidden || this.#stayAwake());
  }

  updated() {
    this.#fit();
  }

  #fit() {
    const box = /** @type {HTMLElement|null} */ (this.querySelector('.screen__box'));
    const words = /** @type {HTMLElement|null} */ (this.querySelector('.screen__words'));
    if (box && words) fit(words, box);
  }

  /** A projector must not fall asleep between two questions; browsers without this leave it to the system. */
  async #stayAwake() {
    try {
      await navigator.wakeLock?.request('screen');
    } catch {
      // Not allowed here: the machine's own settings decide.
    }
  }

  render() {
    return html`<div class="screen screen--${this.#item() ? 'question' : 'open'}">
      ${this.#middle()}
      <div class="screen__foot">
        ${this.live ? html`<tablee-ring .presence=${this.live.presence}></tablee-ring>` : nothing}
        ${this.label ? html`<h1 class="screen__session">${this.label}</h1>` : nothing}
        ${this.#way()}
      </div>
      ${this.live && this.connection !== 'live' ? html`<p class="screen__mark badge badge--waiting"><span class="visually-hidden">${t('screen.late')}</span></p>` : nothing}
    </div>`;
  }

  #item() {
    return Object.values(this.live?.items ?? {}).find((item) => item.status === 'on_stage') ?? null;
  }

  #middle() {
    const item = this.#item();
    if (!this.live) return html`<div class="screen__box"><p class="screen__words screen__words--quiet">${this.#waiting()}</p></div>`;
    if (!item) {
      const { state } = this.live.floor;
      return html`<div class="screen__box"><div class="screen__words">
        <p>${t(`screen.invite.${state}`)}</p></div></div>
        ${this.live.published ? html`<p class="screen__by">${tn('screen.published', this.live.published)}</p>` : nothing}`;
    }
    return html`<div class="screen__box" role="status"><blockquote class="screen__words" lang=${item.language || nothing}>${t('quote', { text: typeset(item.text, item.language) })}</blockquote></div>
      <p class="screen__by">${byline(item)}</p>`;
  }

  #waiting() {
    if (this.connection === 'refused') return this.refusal?.sentences?.[language()] ?? t(this.refusal?.code === 'session.ended' ? 'connection.ended' : 'connection.refused');
    return t('screen.loading');
  }

  /** How to ask, as long as asking is possible. */
  #way() {
    if (!this.qr || this.live?.floor.state !== 'open') return nothing;
    return html`<div class="screen__way"><p>${t('screen.ask')}<br><strong>${this.address}</strong></p>
      <img class="screen__qr" src=${this.qr} alt=${t('screen.qr', { address: this.address })} @error=${(/** @type {Event} */ event) => {
        /** @type {HTMLElement} */ (event.target).hidden = true;
      }}></div>`;
  }
}

define('tablee-screen', Screen);
