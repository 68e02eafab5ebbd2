// What moderators do with a session as a whole, behind one button: slow it down, let people speak again, read what was done, take its questions
// along.
// What must not be here: addresses (house_commands.js), the desk.

import { html, nothing } from 'lit';
import { exportQuestions, mute, readActs, slowDown } from '../net/house_commands.js';
import { why } from '../net/problem.js';
import { keep } from './download.js';
import { LiveElement, define } from './live_element.js';
import { first, hour, language, t, tn } from '../i18n.js';

/** @type {import('../net/house_commands.js').Format[]} */
const FORMATS = ['csv', 'xlsx', 'json'];
/** Minutes between two questions of a person; 0: as everywhere. */
const PACES = [0, 1, 2, 5, 10];

class House extends LiveElement {
  static properties = { live: { attribute: false }, open: { state: true }, acts: { state: true }, words: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    this.open = false;
    this.words = '';
    /** @type {import('../net/house_commands.js').Act[]|null} */
    this.acts = null;
    /** What was known of protection when the log was read. */
    this.read = '';
  }

  /** The log is read anew when something was done. */
  updated() {
    const { slow, muted, screens } = this.live ?? {};
    const now = JSON.stringify([slow, muted, screens]);
    if (!this.open || !this.session || now === this.read) return;
    this.read = now;
    readActs(this.session.api, this.session.session).then((acts) => { this.acts = acts; }, () => { this.read = ''; });
  }

  render() {
    return html`<button type="button" class="button button--small house__button" aria-expanded=${this.open ? 'true' : 'false'} aria-controls="house"
      @click=${() => { this.open = !this.open; }}>${t('house.button')}</button>
      <section id="house" class="poll-desk house stack" aria-labelledby="house-title" ?hidden=${!this.open} @keydown=${this.#key}>${this.open ? this.#panel() : nothing}</section>`;
  }

  /** Keys here are not the desk's. @param {KeyboardEvent} event */
  #key(event) {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    this.open = false;
    /** @type {HTMLElement|null} */ (this.querySelector('.house__button'))?.focus();
  }

  #panel() {
    return html`<h2 class="poll__title" id="house-title">${t('house.title')}</h2>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
      <div class="house__parts">${this.#slow()}${this.#muted()}${this.#log()}${this.#exports()}</div>`;
  }

  #slow() {
    const now = (this.live?.slow ?? 0) / 60;
    return html`<section class="stack stack--tight" aria-labelledby="house-slow">
      <h3 id="house-slow">${t('house.slow')}</h3>
      <p class="small quiet">${t('house.slow.what')}</p>
      <div class="buttons" role="group" aria-labelledby="house-slow">${PACES.map((minutes) => html`<button type="button" class="button button--small" aria-pressed=${minutes === now ? 'true' : 'false'}
        @click=${() => this.#carryOut((api, session) => slowDown(api, session, minutes * 60))}>${minutes ? tn('house.slow.minutes', minutes) : t('house.slow.off')}</button>`)}</div>
    </section>`;
  }

  /** Those who are muted: by which question, never by another name than that has. */
  #muted() {
    const muted = Object.entries(this.live?.muted ?? {});
    return html`<section class="stack stack--tight" aria-labelledby="house-muted">
      <h3 id="house-muted">${t('house.muted')}</h3>
      ${muted.length ? html`<ul class="plain house__list">${muted.map(([id, { at, by, duty }]) => this.#mute(id, at, by || t(`screens.${duty}`)))}</ul>` : html`<p class="small quiet">${t('house.muted.none')}</p>`}
    </section>`;
  }

  /** @param {string} id @param {string} at @param {string} by */
  #mute(id, at, by) {
    const item = this.live?.items[id];
    const who = item?.author || t('house.muted.nameless');
    return html`<li class="house__line"><span><strong dir="auto">${who}</strong> <span class="small quiet">${t('house.muted.by', { who: by, time: hour(at) })}</span>
        ${item?.text ? html`<br><q class="small" dir="auto">${item.text}</q>` : nothing}</span>
      <button type="button" class="button button--small" aria-label=${t('house.unmute.whose', { who })} @click=${() => this.#carryOut((api) => mute(api, id, false))}>${t('house.unmute')}</button></li>`;
  }

  #log() {
    const session = encodeURIComponent(this.session?.session ?? '');
    return html`<section class="stack stack--tight" aria-labelledby="house-log">
      <h3 id="house-log">${t('house.log')}</h3>
      ${this.acts?.length ? html`<ol class="plain house__list house__log small" tabindex="0" aria-labelledby="house-log">${this.acts.map((act) => html`<li><time class="num quiet" datetime=${act.at}>${hour(act.at)}</time>
        ${act.sentences[language()] ?? Object.values(act.sentences)[0]} <span class="quiet">${[act.by, first(`history.duty.${act.duty}`, 'history.duty.none')].filter(Boolean).join(', ')}</span></li>`)}</ol>`
    : html`<p class="small quiet">${t(this.acts ? 'house.log.none' : 'desk.loading')}</p>`}
      <p class="small"><a href="/answers?session=${session}">${t('house.answers')}</a> · <a href="/ledger?session=${session}">${t('house.ledger')}</a></p>
    </section>`;
  }

  /** @param {(api: import('../net/api.js').Api, session: string) => Promise<unknown>} work */
  async #carryOut(work) {
    if (!this.session) return;
    try {
      await work(this.session.api, this.session.session);
      this.words = '';
    } catch (failure) {
      this.words = why(failure);
    }
  }

  #exports() {
    return html`<section class="stack stack--tight" aria-labelledby="house-export">
      <h3 id="house-export">${t('house.export')}</h3>
      <p class="small quiet">${t('house.export.what')}</p>
      <label class="switch"><input type="checkbox" data-names> <span>${t('house.export.names')}</span></label>
      <div class="buttons">${FORMATS.map((format) => html`<button type="button" class="button button--small" @click=${() => this.#download(format)}>${t('house.export.as', { format: format.toUpperCase() })}</button>`)}</div>
    </section>`;
  }

  /** @param {import('../net/house_commands.js').Format} format */
  async #download(format) {
    if (!this.session) return;
    const { api, session } = this.session;
    const names = /** @type {HTMLInputElement} */ (this.querySelector('[data-names]')).checked;
    this.words = '';
    try {
      keep(await exportQuestions(api, session, format, names), `questions-${session}.${format}`);
    } catch (failure) {
      this.words = why(failure);
    }
  }
}

define('tablee-house', House);
