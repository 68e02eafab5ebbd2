// A window for the projector of the room: those at the table, large, with their names, and what is asked. It belongs to the page that opened it, which
// draws into it, and ends with it. What must not be here: which people are there.

import { html, nothing, render } from 'lit';
import { asset } from '../net/assets.js';
import { pictured } from '../state/seats.js';
import { byline } from './question.js';
import { t, typeset } from '../i18n.js';

/** @typedef {{seat: import('../state/types.js').Seat, stream: MediaStream|null}} Shown */
/** @typedef {{people: Shown[], size: number}} Signing  Interpreters into sign language, and the part of the width that each takes. */

export class Projector {
  constructor() {
    /** @type {Window|null} */
    this.window = null;
  }

  get open() {
    return Boolean(this.window && !this.window.closed);
  }

  turn() {
    if (this.open) return this.close();
    this.window = window.open('', 'tablee-projector', 'popup,width=1280,height=720');
    const { document: page } = this.window ?? {};
    if (!page) return undefined;
    page.title = t('studio.projector');
    page.documentElement.lang = document.documentElement.lang;
    for (const sheet of document.querySelectorAll('link[rel=stylesheet]')) page.head.append(page.importNode(sheet));
    page.head.append(Object.assign(page.createElement('link'), { rel: 'stylesheet', href: String(asset('css/live-projector.css')) }));
    page.body.className = 'projector';
    return undefined;
  }

  /** @param {Shown[]} people @param {import('../state/types.js').Item|null} item @param {Signing} signing */
  show(people, item, signing) {
    if (!this.window || this.window.closed) return;
    render(html`<main class="projector__main">${item ? html`<blockquote class="projector__asked"><p dir="auto" lang=${item.language || nothing}>${t('quote', { text: typeset(item.text, item.language) })}</p>
        <footer>${byline(item)}</footer></blockquote>` : nothing}
      <ul class="projector__people projector__people--${people.length}">${people.map(({ seat, stream }) => html`<li class="projector__one">
        ${pictured(seat) ? html`<video muted playsinline autoplay aria-label=${seat.name} .srcObject=${stream}></video>` : nothing}
        <p class="projector__name ${pictured(seat) ? '' : 'projector__name--voice'}"><strong dir="auto">${seat.name}</strong>${seat.title ? html` <span>${seat.title}</span>` : nothing}</p></li>`)}</ul>
      ${signing.people.length ? html`<ul class="projector__signers">${signing.people.map(({ seat, stream }) => html`<li class="projector__signer"><video muted playsinline autoplay aria-label=${seat.name} .srcObject=${stream}></video></li>`)}</ul>` : nothing}
      ${people.length || item || signing.people.length ? nothing : html`<p class="projector__none">${t('studio.projector.none')}</p>`}</main>`, this.window.document.body);
    /** @type {HTMLElement|null} */ (this.window.document.querySelector('.projector__signers'))?.style.setProperty('--signer', `${signing.size * 100}vw`); // no attribute: the policy refuses it
  }

  close() {
    this.window?.close();
    this.window = null;
  }
}
