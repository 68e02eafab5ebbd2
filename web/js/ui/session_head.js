// What the page is about: label, title, hours and how it stands, as the day goes. What must not be here: what follows it (way_on.js).

import { html, nothing } from 'lit';
import { standing } from '../state/facts.js';
import { FollowingElement, define } from './live_element.js';
import { at, hour, hourHere, t, typeset } from '../i18n.js';

/** @typedef {import('../state/facts.js').Facts} Facts */

/** How a session stands → the mark of its meaning. */
const MARKS = { unknown: 'quiet', upcoming: 'waiting', on: 'live', over: 'offline', cancelled: 'refused', removed: 'refused' };

/** How the session stands, in words; empty while nothing is known. @param {Facts} facts @param {number} now */
function standingWords(facts, now) {
  const how = standing(facts);
  if (how === 'on') return facts.ends_at ? t('standing.on.until', { time: hour(facts.ends_at) }) : t('standing.on');
  if (how !== 'upcoming' || !facts.starts_at) return how === 'unknown' || how === 'upcoming' ? '' : t(`standing.${how}`);
  return at(facts.moved ? 'standing.moved' : 'standing.upcoming', facts.starts_at, now);
}

/** What its words are written in. @param {Facts} facts */
export const spoken = (facts) => facts.language || nothing;

class SessionHead extends FollowingElement {
  static properties = { facts: { attribute: false }, room: { attribute: false } };

  constructor() {
    super();
    /** @type {Facts|null} */
    this.facts = null;
    /** Its name; empty: not known. */
    this.room = '';
  }

  ready() {
    return this.facts !== null;
  }

  render() {
    const facts = /** @type {Facts} */ (this.facts);
    const how = standing(facts);
    const words = standingWords(facts, Date.now());
    const told = how === 'upcoming' ? facts.starts_at : how === 'on' ? facts.ends_at : null;
    const here = words && told ? hourHere(told) : '';
    return html`${facts.label ? html`<p class="kicker" lang=${spoken(facts)} dir="auto">${facts.label}</p>` : nothing}
      <h1 class="subtitle" lang=${spoken(facts)} dir="auto">${typeset(facts.title, facts.language)}</h1>
      <p class="standing small" role="status">${words ? html`<span class="badge badge--${MARKS[how]}">${words}</span>` : nothing}${here
        ? html` <span class="quiet">${here}</span>` : nothing}${this.room ? html` <span class="quiet" dir="auto">${this.room}</span>` : nothing}</p>`;
  }
}

define('tablee-session', SessionHead);
