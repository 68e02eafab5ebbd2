// The ring: a circle of dots, an arc for the room, one for the remote people, one for the halls, and the numbers in words.
// What must not be here: counting people.

import { html, svg } from 'lit';
import { RINGS, share } from '../state/ring.js';
import { DOORS } from '../state/tables.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

/** The parts of the sentence beside the ring, without empty doors. @param {import('../state/types.js').Presence} presence */
export function presenceWords(presence) {
  return DOORS.filter((door) => presence[door] > 0).map((door) => tn(`presence.${door}`, presence[door]));
}

class Ring extends LiveElement {
  static properties = { presence: { attribute: false }, terse: { type: Boolean }, figure: { type: Boolean } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Presence|null} */
    this.presence = null;
    this.terse = false;
    /** Where there is room for the number alone: the sentence is for ears. */
    this.figure = false;
  }

  render() {
    const presence = this.presence ?? { in_room: 0, remote: 0, hub: 0 };
    const parts = presenceWords(presence);
    const total = presence.in_room + presence.remote + presence.hub;
    const sentence = this.presence ? tn('presence.total', total) : t('presence.unknown');
    if (this.figure) {
      return html`<div class="ring-figure ring-figure--small" title=${sentence}><svg class="ring" viewBox="0 0 100 100" aria-hidden="true">${drawn(presence, total)}</svg>
        <p class="ring-figure__words"><strong aria-hidden="true">${this.presence ? total : ''}</strong><span class="visually-hidden">${[sentence, ...parts].join(', ')}</span></p></div>`;
    }
    return html`<div class="ring-figure ${this.terse ? 'ring-figure--small' : ''}">
      <svg class="ring" viewBox="0 0 100 100" aria-hidden="true">${drawn(presence, total)}</svg>
      <p class="ring-figure__words"><strong>${sentence}</strong>${parts.length && !this.terse
        ? html`<span class="ring-figure__parts">${parts.map((part, n) => html`${n ? html`<span class="ring-figure__dot"> · </span>` : ''}<span>${part}</span>`)}</span>`
        : html`<span class="visually-hidden"> ${parts.join(', ')}</span>`}</p>
    </div>`;
  }
}

/** @param {import('../state/types.js').Presence} presence @param {number} total */
function drawn(presence, total) {
  const [most, radius] = RINGS.find(([number]) => total <= number) ?? RINGS[2] ?? [36, 2.8];
  const shared = share(presence, most);
  const kinds = DOORS.flatMap((door) => Array(shared[door]).fill(door));
  return dots(kinds, most, radius);
}

/** As many dots as `most`, the first ones of these kinds. @param {string[]} kinds @param {number} most @param {number} radius */
export function dots(kinds, most, radius) {
  return Array.from({ length: most }, (_, n) => {
    const angle = (n / most) * 2 * Math.PI - Math.PI / 2;
    return svg`<circle class="ring__dot ring__dot--${kinds[n] ?? 'empty'}" cx=${(50 + 42 * Math.cos(angle)).toFixed(2)}
      cy=${(50 + 42 * Math.sin(angle)).toFixed(2)} r=${radius}></circle>`;
  });
}

define('tablee-ring', Ring);
