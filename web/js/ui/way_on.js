// The way on from a session that has ended, or is no longer in the programme: a link, never a jump. Nothing while it goes on.
// What must not be here: which session follows (state/facts.js).

import { html, nothing } from 'lit';
import { standing, wayOn } from '../state/facts.js';
import { announce } from './announce.js';
import { LiveElement, define } from './live_element.js';
import { at, t, typeset } from '../i18n.js';

/** @typedef {import('../state/facts.js').Facts} Facts */
/** @typedef {import('../state/facts.js').Way} Way */

class WayOn extends LiveElement {
  static properties = { facts: { attribute: false }, quiet: { attribute: false } };

  constructor() {
    super();
    /** @type {Facts|null} */
    this.facts = null;
    this.heard = '';
    /** For who stays anyway: only where the way leads somewhere, or the session is gone. */
    this.quiet = false;
  }

  /** A change is worth hearing; what was already so when the page was opened is not. @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('facts') || !this.facts) return;
    const sentence = this.querySelector('.way')?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
    if (sentence && sentence !== this.heard && changed.get('facts')) announce(sentence);
    this.heard = sentence;
  }

  render() {
    const way = this.facts && wayOn(this.facts);
    if (!this.facts || !way) return nothing;
    const how = standing(this.facts);
    if (this.quiet && !way.to && how !== 'removed') return nothing;
    return html`<div class="way note">${how === 'over' ? nothing : html`<p>${t(`way.${how}`)}</p>`}<p>${this.#offer(way)}</p></div>`;
  }

  /** @param {Way} way */
  #offer({ kind, to }) {
    if (!to) return html`${t('way.none')} <a href="/">${t('page.programme')}</a>`;
    const words = kind === 'begun' ? t('way.begun') : to.starts_at ? at('way.begins', to.starts_at) : t('way.next');
    const title = `${to.label ? `${to.label}${t('page.colon')}` : ''}${typeset(to.title, '')}`;
    return html`${words} <a class="way__link" href=${`${location.pathname}?session=${encodeURIComponent(to.id)}`} dir="auto">${title}</a>`;
  }
}

define('tablee-way', WayOn);
