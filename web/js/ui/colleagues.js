// What a moderator's page is about, in one line: how many questions wait, and who else is at the desk.
// What must not be here: the audience's count (ring.js).

import { html, nothing } from 'lit';
import { counts } from '../state/desk.js';
import { LiveElement, define } from './live_element.js';
import { formatter, t, tn } from '../i18n.js';

class Colleagues extends LiveElement {
  static properties = { live: { attribute: false }, me: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** The name under which one is there oneself. */
    this.me = '';
  }

  render() {
    if (!this.live) return nothing;
    const waiting = counts(Object.values(this.live.items)).waiting;
    const names = others(this.live.colleagues ?? [], this.me);
    const known = names.filter(Boolean); // a link that several share bears no name
    const count = tn('colleagues', names.length);
    return html`<span class="colleagues__count num">${tn('control.queued', waiting)} · </span><span role="status" class=${names.length ? '' : 'colleagues__none'}>${known.length ? t('colleagues.named', { count, names: formatter(Intl.ListFormat).format(known) }) : count}</span>`;
  }
}

/** @param {string[]} names  One's own among them. @param {string} me */
function others(names, me) {
  const at = names.indexOf(me);
  return names.filter((_, place) => place !== at);
}

define('tablee-colleagues', Colleagues);
