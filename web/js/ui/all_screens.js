// The screens of every session, for the control room: one press and all are blank, one press and they are back; which sessions' screens a
// moderator blanked, each with its way back. What must not be here: requests (given as `change`), when to look again.

import { html, nothing } from 'lit';
import { why } from '../net/problem.js';
import { LiveElement, define } from './live_element.js';
import { blankWords } from './screen_words.js';
import { t } from '../i18n.js';

/** @typedef {import('../state/types.js').Blank} Blank */
/** @typedef {{everywhere: Blank|null, sessions: {session: string, blank: Blank}[]}} Blanks */

class AllScreens extends LiveElement {
  static properties = { blanks: { attribute: false }, titles: { attribute: false }, busy: { state: true }, words: { state: true } };

  constructor() {
    super();
    /** @type {Blanks|null} */
    this.blanks = null;
    /** Session → its title. @type {Record<string, string>} */
    this.titles = {};
    this.busy = false;
    this.words = '';
    /** Of one session, or of all (''). @type {(session: string, blank: boolean) => Promise<unknown>} */
    this.change = () => Promise.reject(new Error('not ready'));
  }

  render() {
    const { everywhere = null, sessions = [] } = this.blanks ?? {};
    return html`<div class="screens ${everywhere ? 'screens--blank' : ''}">
        <p class="screens__words" role="alert">${everywhere ? blankWords('screens.all.everywhere', everywhere) : nothing}</p>
        <button type="button" class="button button--small" title=${everywhere ? nothing : t('screens.all.help')} ?disabled=${!this.blanks} aria-busy=${this.busy ? 'true' : 'false'}
          @click=${() => this.#press('', !everywhere)}>${t(everywhere ? 'screens.all.restore' : 'screens.all.blank')}</button></div>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
      ${sessions.map(({ session, blank }) => html`<div class="screens screens--blank">
        <p class="screens__words" role="status">${blankWords('screens.all.session', blank, { title: this.titles[session] ?? session })}</p>
        <button type="button" class="button button--small" aria-label=${t('screens.restore.whose', { title: this.titles[session] ?? session })} @click=${() => this.#press(session, false)}>${t('screens.restore')}</button></div>`)}`;
  }

  /** A second press before the answer is none. @param {string} session @param {boolean} blank */
  async #press(session, blank) {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.change(session, blank);
      this.words = '';
    } catch (failure) {
      this.words = why(failure);
    } finally {
      this.busy = false;
    }
  }
}

define('tablee-all-screens', AllScreens);
