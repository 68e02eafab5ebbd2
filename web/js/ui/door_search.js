// Somebody without a ticket in hand: found by name, on the platform only, since no desk keeps a list of names. What must not be here: requests.

import { html, nothing } from 'lit';
import { icon } from './icon.js';
import { LiveElement, define } from './live_element.js';
import { clock, t } from '../i18n.js';

/** @typedef {import('../net/door_commands.js').FoundGuest} FoundGuest */

class DoorSearch extends LiveElement {
  static properties = { found: { attribute: false }, offline: { attribute: false }, failed: { attribute: false }, way: { attribute: false } };

  constructor() {
    super();
    /** @type {FoundGuest[]|null} */
    this.found = null;
    this.offline = false;
    this.failed = '';
    /** @type {'entry'|'exit'} */
    this.way = 'entry';
  }

  render() {
    return html`<details class="door-more">
      <summary>${icon('search')}${t('door.search')}</summary>
      <form class="door-more__line" role="search" @submit=${this.#look}>
        <label class="visually-hidden" for="door-name">${t('door.search.name')}</label>
        <input class="field__input" id="door-name" type="search" minlength="2" maxlength="100" autocomplete="off" enterkeyhint="search" placeholder=${t('door.search.name')} required ?disabled=${this.offline}>
        <button class="button" ?disabled=${this.offline}>${t('door.search.do')}</button>
      </form>
      <p class="small quiet">${t(this.offline ? 'door.search.offline' : 'door.search.online')}</p>
      ${this.failed ? html`<p class="note note--error" role="alert">${this.failed}</p>` : nothing}
      <div aria-live="polite">${this.found?.length === 0 ? html`<p>${t('door.search.none')}</p>` : nothing}
      <ul class="plain">${(this.found ?? []).map((one) => this.#one(one))}</ul></div>
    </details>`;
  }

  /** @param {FoundGuest} one */
  #one(one) {
    const there = one.first ? t('door.first', { time: clock(one.first.at), desk: one.first.desk || t('door.desk.none') }) : one.expected ? '' : one.door === 'in_room' ? t('door.told.other_day') : t(`door.comes.${one.door}`);
    return html`<li class="door-row"><span class="door-row__who"><strong>${one.name}</strong>
        ${one.image_rights === 'refused' ? html`<span class="door-row__image">${icon('image_no')}${t('door.image.refused')}</span>` : nothing}
        ${there ? html`<span class="small quiet">${there}</span>` : nothing}</span>
      <button type="button" class="button button--small" @click=${() => this.tell('person', one)}>${t(this.way === 'exit' ? 'door.let.out' : 'door.let.in')}</button></li>`;
  }

  /** @param {SubmitEvent} event */
  #look(event) {
    event.preventDefault();
    this.tell('look', /** @type {HTMLInputElement} */ (this.querySelector('#door-name')).value);
  }

  /** Done with: the names go from the screen. */
  clear() {
    this.found = null;
    const field = /** @type {HTMLInputElement|null} */ (this.querySelector('#door-name'));
    if (field) field.value = '';
  }
}

define('tablee-door-search', DoorSearch);
