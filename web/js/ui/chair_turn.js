// Whose turn it would be, and what each door had of the session beside its fair part, in numbers and words.
// What must not be here: working it out (the service does), commands.

import { html, nothing } from 'lit';
import { DOORS } from '../state/tables.js';
import { LiveElement, define } from './live_element.js';
import { formatter, t, tn } from '../i18n.js';

class FairTurn extends LiveElement {
  static properties = { live: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
  }

  render() {
    const turn = this.live?.turn;
    if (!turn) return nothing;
    const doors = DOORS.filter((door) => turn.doors[door].part || turn.doors[door].had);
    return html`<section aria-labelledby="chair-turn"><h2 class="kicker" id="chair-turn">${t('turn.title')}</h2>
      ${turn.why ? html`<p>${t(`turn.why.${turn.why}`, { door: turn.door ? t(`turn.door.${turn.door}`) : '' })}</p>` : nothing}
      ${doors.length ? html`<ul class="plain turn">${doors.map((door) => this.#door(door, turn.doors[door]))}</ul>` : html`<p class="quiet">${t('turn.none')}</p>`}</section>`;
  }

  /** @param {import('../state/tables.js').Door} door @param {import('../state/types.js').TurnDoor} facts */
  #door(door, facts) {
    const name = t(`door.${door}`);
    const percent = formatter(Intl.NumberFormat, { style: 'percent' });
    const said = t('turn.said', { had: percent.format(facts.had), part: percent.format(facts.part) });
    return html`<li class="turn__door"><span class="turn__name">${name}</span>
      <meter class="turn__meter" min="0" max="1" value=${facts.had} aria-label=${`${name}${t('page.colon')}${said}`}></meter>
      <span class="small num">${said} · ${tn('turn.answered', facts.answered)}</span></li>`;
  }
}

define('tablee-turn', FairTurn);
