// What was done in a hall and is not at the platform: what waits for the line, with its time, and what was refused, with its words.
// What must not be here: sending, storage.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isLate } from '../state/hub.js';
import { announce } from './announce.js';
import { LiveElement, define } from './live_element.js';
import { clock, t, tn } from '../i18n.js';

/** @typedef {import('../state/outbox.js').Entry} Entry */

class OutboxList extends LiveElement {
  static properties = { waiting: { attribute: false }, refused: { attribute: false }, live: { attribute: false }, now: { attribute: false }, fragile: { attribute: false }, giving: { state: true } };

  constructor() {
    super();
    /** @type {Entry[]} */
    this.waiting = [];
    /** @type {Entry[]} */
    this.refused = [];
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** By the clock of the platform, in ms. */
    this.now = 0;
    /** Whether the browser keeps nothing: a reload would lose it. */
    this.fragile = false;
    /** What is to be given up, and is still to be meant. */
    this.giving = '';
    this.heard = '';
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('refused') && this.refused.length > /** @type {Entry[]} */ (changed.get('refused') ?? []).length) announce(`${t('hub.refused')} ${this.refused.at(-1)?.refused}`);
    const words = this.waiting.length ? tn('hub.waiting', this.waiting.length) : '';
    if (this.heard && !words) announce(t('hub.waiting.none'));
    this.heard = words;
  }

  render() {
    const asked = this.waiting.filter(({ deed }) => deed.kind === 'ask');
    return html`${this.waiting.length ? html`<section class="outbox" aria-labelledby="outbox"><h3 class="outbox__title badge badge--waiting" id="outbox">${tn('hub.waiting', this.waiting.length)}</h3>
        <p class="small">${t(this.fragile ? 'hub.waiting.fragile' : 'hub.waiting.help')}</p>
        ${asked.length ? html`<ul class="plain">${repeat(asked, ({ key }) => key, (entry) => this.#waits(entry))}</ul>` : nothing}
        ${this.waiting.length > asked.length ? html`<p class="small quiet">${tn('hub.waiting.counts', this.waiting.length - asked.length)}</p>` : nothing}</section>` : nothing}
      ${this.refused.length ? html`<section class="outbox outbox--refused" aria-labelledby="refused"><h3 class="outbox__title badge badge--refused" id="refused">${t('hub.refused')}</h3>
        <ul class="plain">${repeat(this.refused, ({ key }) => key, (entry) => this.#back(entry))}</ul></section>` : nothing}`;
  }

  /** @param {Entry} entry */
  #waits(entry) {
    const late = isLate(entry, this.now);
    return html`<li class="outbox__one"><p class="outbox__text" dir="auto">${this.#text(entry)}</p>
      <p class="small quiet"><span class="num">${t('hub.written', { time: clock(new Date(entry.at).toISOString()) })}</span> · ${t(late ? 'hub.place.late' : 'hub.place')}</p></li>`;
  }

  /** @param {Entry} entry */
  #back(entry) {
    const button = (/** @type {string} */ name, /** @type {() => void} */ act, kind = '') => html`<button type="button" class="button button--small ${kind}" @click=${act}>${t(`hub.${name}`)}</button>`;
    const give = this.giving === entry.key;
    return html`<li class="outbox__one"><p class="outbox__text" dir="auto">${this.#text(entry)}</p><p class="field__error">${entry.refused}</p>
      <p class="buttons outbox__ways">${give ? html`<span class="small">${t('hub.give_up.sure')}</span>${button('give_up', () => this.tell('giveup', entry), 'button--danger')}${button('keep', () => { this.giving = ''; }, 'button--quiet')}`
        : html`${entry.deed.kind === 'ask' ? button('change', () => this.tell('rewrite', entry)) : nothing}${button('again', () => this.tell('again', entry))}${button('give_up', () => { this.giving = entry.key; }, 'button--quiet')}`}</p></li>`;
  }

  /** @param {Entry} entry */
  #text({ deed }) {
    if ('nonce' in deed) return ''; // of a desk at the door, which has an outbox of its own
    if (deed.kind === 'ask') return deed.name ? html`${deed.text} <span class="quiet">(${deed.name})</span>` : deed.text;
    if (deed.kind === 'people') return tn('hub.people', deed.people);
    if (deed.kind === 'count') return `${tn('hub.hands', deed.hands)} ${this.live?.items[deed.question]?.text ?? ''}`;
    return `${t('poll.hall')} ${this.live?.polls[deed.poll]?.question ?? ''}`;
  }
}

define('tablee-outbox', OutboxList);
