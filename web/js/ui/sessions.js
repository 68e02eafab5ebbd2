// The sessions at the top of the page: this one by its name, and a list of links to the others, what is on now first, in whatever hall.
// It changes nothing under a hand. What must not be here: requests (it fires 'look' when its list may be old), the order (state/choices.js).

import { html, nothing } from 'lit';
import { choicesByDay } from '../state/choices.js';
import { icon } from './icon.js';
import { FollowingElement, define } from './live_element.js';
import { spoken } from './session_head.js';
import { dayOf, dayWords, first, hour, t, typeset } from '../i18n.js';

/** @typedef {import('../state/choices.js').Choice} Choice */

class Sessions extends FollowingElement {
  static properties = { sessions: { attribute: false }, moment: { attribute: false }, facts: { attribute: false } };

  constructor() {
    super();
    /** @type {Choice[]|null} */
    this.sessions = null;
    /** @type {import('../state/choices.js').Moment|null} */
    this.moment = null;
    /** @type {import('../state/facts.js').Facts|null} */
    this.facts = null;
    this.session = '';
    this.kept = false;
    for (const kind of ['pointerenter', 'focusin']) this.addEventListener(kind, () => this.tell('look', null));
    this.addEventListener('toggle', () => this.requestUpdate(), true);
    this.addEventListener('keydown', (event) => event.key === 'Escape' && this.#close(true));
    this.addEventListener('focusout', (event) => event.relatedTarget && !this.contains(/** @type {Node} */ (event.relatedTarget)) && this.#close(false));
    document.addEventListener('pointerdown', (event) => this.contains(/** @type {Node} */ (event.target)) || this.#close(false));
  }

  get fold() {
    return this.querySelector('details');
  }

  /** @param {boolean} back  Whether the keyboard goes back to the button. */
  #close(back) {
    if (!this.fold?.open) return;
    this.fold.open = false;
    if (back) this.fold.querySelector('summary')?.focus();
  }

  /** The open list keeps still, also the server's own one. */
  ready() {
    return this.sessions !== null && this.moment !== null && this.facts !== null && !this.fold?.open;
  }

  /** The keyboard stays on the button when the server's one gives way. */
  willUpdate() {
    this.kept = !this.hasUpdated && this.contains(document.activeElement);
    super.willUpdate();
  }

  updated() {
    if (this.kept) this.fold?.querySelector('summary')?.focus();
  }

  render() {
    const { sessions, moment } = this;
    const facts = /** @type {import('../state/facts.js').Facts} */ (this.facts);
    if (!sessions || !moment) return nothing;
    return html`<p class="sessions__here" lang=${spoken(facts)} dir="auto">${facts.label ? html`<b>${facts.label}</b> ` : nothing}${typeset(facts.title, facts.language)}</p>
      ${sessions.length < 2 ? nothing : html`<details class="sessions__all">
        <summary class="button button--small">${t('page.sessions')}${icon('chevron')}</summary>
        <nav class="sessions__panel" aria-label=${t('page.session.go')}>${choicesByDay(sessions, moment, dayOf).map(({ name, day, sessions: some }) => html`
          <h2 class="kicker">${name === 'day' ? dayWords(day) : t(`picker.${name}`)}</h2><ul class="plain">${some.map((one) => this.#one(one))}</ul>`)}</nav></details>`}`;
  }

  /** @param {Choice} one */
  #one(one) {
    const more = [one.room?.name ?? '', one.progress === 'over' || one.progress === 'cancelled' ? first(`standing.${one.progress}`) : ''].filter(Boolean);
    return html`<li><a class="sessions__one" href=${`${location.pathname}?session=${encodeURIComponent(one.id)}`} aria-current=${one.id === this.session ? 'page' : nothing}>
      <span class="sessions__hour num">${one.starts_at ? hour(one.starts_at) : ''}</span>
      <span lang=${one.language || nothing} dir="auto">${one.label ? html`<b>${one.label}</b> ` : nothing}${typeset(one.title, one.language ?? '')}${more.length
        ? html` <span class="quiet small">${more.join(' · ')}</span>` : nothing}</span></a></li>`;
  }
}

define('tablee-sessions', Sessions);
