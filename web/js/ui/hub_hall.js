// The hall at the head of its host's page: how many there are, whether the organisers know it, and the way in for phones there.
// What must not be here: requests, what is counted for.

import { html, nothing } from 'lit';
import { inTwo, pictureOf } from '../net/hall_code.js';
import { counter } from './counter.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

class Hall extends LiveElement {
  static properties = { people: { attribute: false }, most: { attribute: false }, confirmed: { attribute: false }, waits: { attribute: false }, session: { attribute: false }, code: { attribute: false } };

  constructor() {
    super();
    /** As their host said; 0: not yet. */
    this.people = 0;
    this.most = 0;
    /** Whether the organisers know the hall: only then it counts. */
    this.confirmed = true;
    /** Whether the number is still on its way. */
    this.waits = false;
    this.session = '';
    /** What people here type on their phones; empty: nothing. */
    this.code = '';
    /** @type {(people: number) => void} */
    this.declare = () => {};
  }

  render() {
    return html`<div class="hall-bar ${this.people ? '' : 'hall-bar--empty'}">
        <p class="hall-bar__words"><strong>${this.people ? tn('hub.people', this.people) : t('hub.undeclared')}</strong>
          <span class="small quiet" id="hall-help">${this.waits ? t('hub.waits') : t('hub.people.help')}</span></p>
        ${counter({ id: 'hall-people', label: t('hub.people.label'), value: this.people, least: this.people ? 1 : 0, most: this.most, describedby: 'hall-help', change: this.declare })}</div>
      ${this.code ? this.#phones() : nothing}
      ${this.confirmed ? nothing : html`<div class="note hall-bar__note"><p>${t('hub.unconfirmed')}</p>
        <p><button type="button" class="button button--small" @click=${() => this.tell('renew', null)}>${t('hub.look')}</button></p></div>`}`;
  }

  /** To be read aloud, or turned towards the hall. */
  #phones() {
    const address = location.host;
    return html`<details class="hall-phones"><summary>${t('hub.phones')} <strong class="num">${inTwo(this.code)}</strong></summary>
      <div class="hall-phones__way"><div><p>${t('hub.phones.how', { address: `${address}/code` })}</p><p class="hall-phones__code num">${inTwo(this.code)}</p>
        <p class="small quiet">${t('hub.phones.help')}</p></div>
        <img class="hall-phones__qr" src=${pictureOf(this.session, this.code)} width="160" height="160" alt=${t('hub.phones.qr', { address })}></div></details>`;
  }
}

define('tablee-hall', Hall);
