// Where this desk stands: its name, its place, in or out, the line, the counts. What must not be here: requests.

import { html, nothing } from 'lit';
import { LiveElement, define } from './live_element.js';
import { clock, t, tn } from '../i18n.js';

const WAYS = /** @type {const} */ (['entry', 'exit']);

class DoorBar extends LiveElement {
  static properties = { desk: { attribute: false }, place: { attribute: false }, places: { attribute: false }, way: { attribute: false }, counts: { attribute: false }, line: { attribute: false }, made: { attribute: false }, size: { attribute: false } };

  constructor() {
    super();
    this.desk = '';
    this.place = '';
    /** @type {import('../state/door.js').SealedList['places']} */
    this.places = [];
    /** @type {'entry'|'exit'} */
    this.way = 'entry';
    /** @type {{expected: number, arrived: number, inside: number, walk_ins: number}|null} */
    this.counts = null;
    /** @type {'up'|'down'|'ended'|'unsafe'} */
    this.line = 'up';
    /** When the list was made; '' while there is none. */
    this.made = '';
    this.size = 0;
  }

  render() {
    return html`<div class="door-bar">
      <div class="door-bar__ways" role="group" aria-label=${t('door.way')}>${WAYS.map((way) => html`<button type="button" class="button door-bar__way" aria-pressed=${this.way === way} @click=${() => this.tell('way', way)}>${t(`door.way.${way}`)}</button>`)}</div>
      <label class="door-bar__field"><span class="small quiet">${t('door.place')}</span>
        <select class="field__input" id="door-place" @change=${(/** @type {Event} */ event) => this.tell('place', /** @type {HTMLSelectElement} */ (event.target).value)}>
          <option value="" ?selected=${!this.place}>${t('door.place.entrance')}</option>
          ${this.places.map((one) => html`<option value=${one.id} lang=${one.language} ?selected=${this.place === one.id}>${one.title}</option>`)}</select></label>
      <label class="door-bar__field"><span class="small quiet">${t('door.desk')}</span>
        <input class="field__input" id="door-desk" maxlength="40" autocomplete="off" placeholder=${t('door.desk.example')} .value=${this.desk} @change=${(/** @type {Event} */ event) => this.tell('desk', /** @type {HTMLInputElement} */ (event.target).value.trim())}></label>
      <p class="door-bar__line door-bar__line--${this.line}" role="status">${this.#line()}</p>
      ${this.counts ? html`<dl class="door-bar__counts">${/** @type {const} */ (['expected', 'arrived', 'inside', 'walk_ins']).map((name) => html`<div><dt>${t(`door.count.${name}`)}</dt><dd class="num" data-count=${name}>${this.counts?.[name]}</dd></div>`)}</dl>` : nothing}
    </div>`;
  }

  #line() {
    if (this.line === 'ended') return html`${t('door.line.ended')} <a href="/link?to=%2Fdoor">${t('door.line.enter')}</a>`;
    if (this.line === 'unsafe') return t('door.line.unsafe');
    const list = this.made ? tn('door.list', this.size, { time: clock(this.made) }) : t('door.list.none');
    return `${t(`door.line.${this.line}`)} ${list}`;
  }
}

define('tablee-door-bar', DoorBar);
