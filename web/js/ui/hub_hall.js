// The hall at the head of its host's page: how many there are, and whether the organisers know it.
// What must not be here: requests, what is counted for.

import { html, nothing } from 'lit';
import { counter } from './counter.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

class Hall extends LiveElement {
  static properties = { people: { attribute: false }, most: { attribute: false }, confirmed: { attribute: false }, waits: { attribute: false } };

  constructor() {
    super();
    /** As their host said; 0: not yet. */
    this.people = 0;
    this.most = 0;
    /** Whether the organisers know the hall: only then it counts. */
    this.confirmed = true;
    /** Whether the number is still on its way. */
    this.waits = false;
    /** @type {(people: number) => void} */
    this.declare = () => {};
  }

  render() {
    return html`<div class="hall-bar ${this.people ? '' : 'hall-bar--empty'}">
        <p class="hall-bar__words"><strong>${this.people ? tn('hub.people', this.people) : t('hub.undeclared')}</strong>
          <span class="small quiet" id="hall-help">${this.waits ? t('hub.waits') : t('hub.people.help')}</span></p>
        ${counter({ id: 'hall-people', label: t('hub.people.label'), value: this.people, least: this.people ? 1 : 0, most: this.most, describedby: 'hall-help', change: this.declare })}</div>
      ${this.confirmed ? nothing : html`<div class="note hall-bar__note"><p>${t('hub.unconfirmed')}</p>
        <p><button type="button" class="button button--small" @click=${() => this.tell('renew', null)}>${t('hub.look')}</button></p></div>`}`;
  }
}

define('tablee-hall', Hall);
