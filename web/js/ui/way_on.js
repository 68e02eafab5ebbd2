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
  static properties = { facts: { attribute: false }, missing: { attribute: false }, quiet: { attribute: false } };

  constructor() {
    super();
    /** @type {Facts|null} */
    this.facts = null;
    this.heard = '';
    /** Whether another session was asked for, which is not in the programme. */
    this.missing = false;
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
    const { facts } = this;
    const way = facts && wayOn(facts);
    const led = way && !(this.quiet && !way.to && standing(facts) !== 'removed') ? way : null;
    if (!led && !this.missing) return nothing;
    return html`<div class="way note">${this.missing ? html`<p>${t('way.missing')}</p>` : nothing}${facts && led ? this.#led(facts, led) : nothing}</div>`;
  }

  /** @param {Facts} facts @param {Way} way */
  #led(facts, way) {
    const how = standing(facts);
    return html`${how === 'over' ? nothing : html`<p>${t(`way.${how}`)}</p>`}<p>${this.#offer(way)}</p>
      ${how === 'over' ? html`<p><a href=${`/answers?session=${encodeURIComponent(facts.id)}`}>${t('way.answers')}</a></p>` : nothing}`;
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
