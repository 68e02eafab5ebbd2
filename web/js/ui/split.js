// How votes split by the doors: a small ring and the numbers in words. Templates only. What must not be here: counting.

import { html, nothing, svg } from 'lit';
import { share } from '../state/ring.js';
import { DOORS } from '../state/tables.js';
import { dots, presenceWords } from './ring.js';
import { t } from '../i18n.js';

/** Dots of so small a ring. */
const MOST = 12;

/** @param {Partial<import('../state/types.js').Presence>} doors @returns {import('../state/types.js').Presence} */
export const whole = (doors) => ({ in_room: 0, remote: 0, hub: 0, ...doors });

/** Nothing while nobody came by a door. @param {Partial<import('../state/types.js').Presence>} doors */
export function split(doors) {
  const all = whole(doors);
  const words = presenceWords(all).join(', ');
  if (!words) return nothing;
  const shared = share(all, MOST);
  const kinds = DOORS.flatMap((door) => Array(shared[door]).fill(door));
  return html`<span class="split"><svg class="ring split__ring" viewBox="0 0 100 100" aria-hidden="true">${svg`${dots(kinds, MOST, 6.2)}`}</svg>
    <span><span class="visually-hidden">${t('votes.split')}</span>${words}</span></span>`;
}
