// The way to another session: what is on now stands first, in whatever hall. It changes nothing while somebody is choosing.
// What must not be here: requests (it fires 'look' when its list may be old), the order (state/choices.js).

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { choices } from '../state/choices.js';
import { FollowingElement, define } from './live_element.js';
import { hour, t, typeset } from '../i18n.js';

/** @typedef {import('../state/choices.js').Choice} Choice */

class Picker extends FollowingElement {
  static properties = { sessions: { attribute: false }, moment: { attribute: false }, removed: { attribute: false } };

  constructor() {
    super();
    /** @type {Choice[]|null} */
    this.sessions = null;
    /** @type {import('../state/choices.js').Moment|null} */
    this.moment = null;
    /** Sessions that the programme has no more, for those who may still open them. @type {{session: string, title: string, label: string}[]} */
    this.removed = [];
    this.session = '';
    /** What was chosen and not yet gone to. */
    this.chosen = '';
    this.addEventListener('change', (event) => {
      this.chosen = /** @type {HTMLSelectElement} */ (event.target).value;
    });
    /** Whether somebody is choosing. */
    this.held = false;
    for (const kind of ['pointerenter', 'focusin']) this.addEventListener(kind, () => this.tell('look', null));
    for (const kind of ['pointerdown', 'keydown']) this.addEventListener(kind, () => this.#hold(true));
    this.addEventListener('focusout', () => this.#hold(false));
  }

  /** @param {boolean} held */
  #hold(held) {
    this.held = held;
    if (!held) this.requestUpdate();
  }

  /** The list keeps still under a hand, also the server's own one. */
  ready() {
    return this.sessions !== null && this.moment !== null && !this.held;
  }

  render() {
    const { sessions, moment } = this;
    if (!sessions || !moment || sessions.length + this.removed.length < 2) return nothing;
    return html`<form class="picker" method="get" action=${location.pathname}>
      <label class="visually-hidden" for="picker">${t('page.session')}</label>
      <select class="field__input picker__select" id="picker" name="session">${choices(sessions, moment).map(({ name, sessions: some }) => html`
        <optgroup label=${t(`picker.${name}`)}>${some.map((one) => this.#option(one))}</optgroup>`)}${this.removed.length
        ? html`<optgroup label=${t('picker.removed')}>${this.removed.map((one) => this.#option({ ...one, id: one.session, starts_at: null }))}</optgroup>` : nothing}</select>
      <button class="button button--small">${t('page.session.go')}</button>
    </form>`;
  }

  /** @param {Pick<Choice, 'id'|'title'|'label'|'starts_at'|'room'|'language'>} one */
  #option(one) {
    const parts = [one.starts_at ? hour(one.starts_at) : '', one.room?.name ?? '', `${one.label ? `${one.label}${t('page.colon')}` : ''}${typeset(one.title, one.language ?? '')}`];
    return html`<option value=${one.id} .selected=${live(one.id === (this.chosen || this.session))}>${parts.filter(Boolean).join(' · ')}</option>`;
  }
}

define('tablee-picker', Picker);
