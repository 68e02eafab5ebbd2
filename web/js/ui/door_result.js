// What a scan came to, so large that it is read at arm's length: a colour, a drawing, words, and the name. The refusal of pictures is part of it.
// What must not be here: sounds (door_signals.js), what follows.

import { html, nothing } from 'lit';
import { weightOf } from '../state/door.js';
import { icon } from './icon.js';
import { LiveElement, define } from './live_element.js';
import { clock, t } from '../i18n.js';

const DRAWN = { good: 'check', look: 'hand', bad: 'close', calm: 'arrow' };

class DoorResult extends LiveElement {
  static properties = { verdict: { attribute: false }, sure: { attribute: false }, way: { attribute: false }, made: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../state/door.js').Verdict|null} */
    this.verdict = null;
    /** Whether the platform says so; else this desk's own list. */
    this.sure = true;
    /** @type {'entry'|'exit'} */
    this.way = 'entry';
    /** When the list was made. */
    this.made = '';
  }

  render() {
    const { verdict } = this;
    if (!verdict) return html`<div class="door-result"><p class="door-result__words">${t(this.way === 'exit' ? 'door.ready.exit' : 'door.ready')}</p><p>${t('door.ready.how')}</p></div>`;
    const { told, person, first } = verdict;
    const weight = weightOf(told);
    const refused = person?.image_rights === 'refused';
    return html`<div class="door-result door-result--${weight}" role="status" aria-live="assertive" data-told=${told}>
      <p class="door-result__words">${icon(DRAWN[weight])}<span>${t(`door.told.${told}`)}</span></p>
      ${person ? html`<p class="door-result__name">${person.name}</p>` : nothing}
      ${first ? html`<p>${t('door.first', { time: clock(first.at), desk: first.desk || t('door.desk.none') })}</p>` : nothing}
      ${told === 'other_door' && person ? html`<p>${t(`door.comes.${person.door}`)}</p>` : nothing}
      ${told === 'unknown' && !this.sure ? html`<p>${t('door.unknown.offline', { time: this.made ? clock(this.made) : '–' })}</p>` : nothing}
      ${refused ? html`<p class="door-result__image">${icon('image_no')}${t('door.image.refused')}</p>` : nothing}
      ${this.#anyway(told)}
    </div>`;
  }

  /** @param {import('../state/door.js').Told} told */
  #anyway(told) {
    if (!['other_day', 'other_door', 'unknown', 'unconfirmed'].includes(told) || (told === 'unknown' && this.sure)) return nothing;
    return html`<button type="button" class="button door-result__anyway" @click=${() => this.tell('anyway', null)}>${t('door.anyway')}</button>`;
  }
}

define('tablee-door-result', DoorResult);
