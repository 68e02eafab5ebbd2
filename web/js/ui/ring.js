// The ring: a circle of dots, an arc for the room, one for the remote people, one for the halls, and the numbers in words.
// What must not be here: counting people.

import { html, svg } from 'lit';
import { Light, define } from './light.js';
import { t, tn } from './words.js';

/** Dots of a full ring. */
const DOTS = 36;
/** @type {('in_room'|'remote'|'hub')[]} */
const DOORS = ['in_room', 'remote', 'hub'];

/**
 * How many dots each door gets: as many as there are people while they fit, then their share, and at least one for anybody.
 * @param {import('../state/types.js').Presence} presence
 * @returns {{in_room: number, remote: number, hub: number}}
 */
export function share(presence) {
  const total = DOORS.reduce((sum, door) => sum + presence[door], 0);
  const scale = total > DOTS ? DOTS / total : 1;
  const dots = { in_room: 0, remote: 0, hub: 0 };
  for (const door of DOORS) dots[door] = presence[door] > 0 ? Math.max(1, Math.round(presence[door] * scale)) : 0;
  const [largest] = [...DOORS].sort((a, b) => dots[b] - dots[a]);
  const sum = dots.in_room + dots.remote + dots.hub;
  if (total > DOTS || sum > DOTS) dots[largest ?? 'in_room'] += DOTS - sum;
  return dots;
}

/** The parts of the sentence beside the ring, without empty doors. @param {import('../state/types.js').Presence} presence */
export function presenceWords(presence) {
  return DOORS.filter((door) => presence[door] > 0).map((door) => tn(`presence.${door}`, presence[door]));
}

class Ring extends Light {
  static properties = { presence: { attribute: false }, terse: { type: Boolean } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Presence|null} */
    this.presence = null;
    this.terse = false;
  }

  render() {
    const presence = this.presence ?? { in_room: 0, remote: 0, hub: 0 };
    const parts = presenceWords(presence);
    const total = presence.in_room + presence.remote + presence.hub;
    const sentence = this.presence ? tn('presence.total', total) : t('presence.unknown');
    return html`<div class="ring-figure ${this.terse ? 'ring-figure--small' : ''}">
      <svg class="ring" viewBox="0 0 100 100" aria-hidden="true">${this.#dots(share(presence))}</svg>
      <p class="ring-figure__words"><strong>${sentence}</strong>${parts.length && !this.terse
        ? html`<span class="ring-figure__parts">${parts.map((part, n) => html`${n ? html`<span class="ring-figure__dot"> · </span>` : ''}<span>${part}</span>`)}</span>`
        : html`<span class="visually-hidden"> ${parts.join(', ')}</span>`}</p>
    </div>`;
  }

  /** @param {{in_room: number, remote: number, hub: number}} dots */
  #dots(dots) {
    const kinds = DOORS.flatMap((door) => Array(dots[door]).fill(door));
    return Array.from({ length: DOTS }, (_, n) => {
      const angle = (n / DOTS) * 2 * Math.PI - Math.PI / 2;
      const kind = kinds[n] ?? 'empty';
      return svg`<circle class="ring__dot ring__dot--${kind}" cx=${(50 + 42 * Math.cos(angle)).toFixed(2)}
        cy=${(50 + 42 * Math.sin(angle)).toFixed(2)} r="2.6"></circle>`;
    });
  }
}

define('tablee-ring', Ring);
