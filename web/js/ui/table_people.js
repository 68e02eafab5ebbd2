// Who is at the table, with their titles, as the programme in force says. What must not be here: who is connected (ring.js).

import { html, nothing } from 'lit';
import { FollowingElement, define } from './live_element.js';
import { spoken } from './session_head.js';
import { t, typeset } from '../i18n.js';

class TablePeople extends FollowingElement {
  static properties = { facts: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../state/facts.js').Facts|null} */
    this.facts = null;
  }

  ready() {
    return this.facts !== null;
  }

  render() {
    const { facts } = this;
    if (!facts?.participants.length) return nothing;
    return html`<ul class="plain table-people">${facts.participants.map((one) => html`<li><strong dir="auto">${one.name}</strong>${one.moderates
      ? html` <span class="quiet">${t('page.moderates')}</span>` : nothing}${one.titles.length
      ? html`<span class="table-people__titles" lang=${spoken(facts)} dir="auto">${typeset(one.titles.join(', '), facts.language)}</span>` : nothing}</li>`)}</ul>`;
  }
}

define('tablee-people', TablePeople);
