// The screens of a session for those who moderate it: one press and all are blank, one press and they are back; while they are blank, by whom
// and since when. What must not be here: what a screen shows (screen.js), every session's screens (all_screens.js).

import { html, nothing } from 'lit';
import { blankScreens } from '../net/house_commands.js';
import { why } from '../net/problem.js';
import { LiveElement, define } from './live_element.js';
import { blankWords } from './screen_words.js';
import { t } from '../i18n.js';

class Screens extends LiveElement {
  static properties = { live: { attribute: false }, busy: { state: true }, words: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    this.busy = false;
    this.words = '';
  }

  render() {
    const { blank = false, here = null, everywhere = null } = this.live?.screens ?? {};
    return html`<section class="screens ${blank ? 'screens--blank' : ''}" aria-label=${t('screens')}>
      <p class="screens__words" role="alert">${here ? blankWords('screens.here', here) : nothing}${here && everywhere ? html`<br>` : nothing}${everywhere ? blankWords('screens.everywhere', everywhere) : nothing}</p>
      <button type="button" class="button button--small" title=${here ? nothing : t('screens.help')} ?disabled=${!this.live} aria-busy=${this.busy ? 'true' : 'false'} @click=${() => this.turn()}>
        ${t(here ? 'screens.restore' : 'screens.blank')} <kbd aria-hidden="true">${[...t('key.screens')][0]}</kbd></button>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}</section>`;
  }

  /** Whatever they are, the other way. A second press before the answer is none. */
  async turn() {
    if (!this.session || !this.live || this.busy) return;
    this.busy = true;
    try {
      await blankScreens(this.session.api, this.session.session, !this.live.screens?.here);
      this.words = '';
    } catch (failure) {
      this.words = why(failure);
    } finally {
      this.busy = false;
    }
  }
}

define('tablee-screens', Screens);
