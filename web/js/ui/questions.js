// The published questions with their votes, in a box that scrolls by itself where there is room for one; the answered ones folded below.
// What must not be here: requests, the rules of order (state/order.js) and of search (state/search.js).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { why } from '../net/problem.js';
import { EMPTY, arrange, byAge } from '../state/order.js';
import { ALL, found, sorting } from '../state/search.js';
import { announce } from './announce.js';
import { glide, keepHeights, places } from './flip.js';
import { InteractionLock } from './interaction_lock.js';
import { LiveElement, define } from './live_element.js';
import { row } from './row.js';
import { settled } from './settled.js';
import './ring.js';
import './tools.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

class Questions extends LiveElement {
  static properties = { session: { attribute: false }, live: { attribute: false }, presses: { attribute: false }, refused: { state: true }, wish: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** @type {unknown} */
    this.presses = null;
    /** @type {{id: string, words: string}|null} */
    this.refused = null;
    this.wish = ALL;
    this.order = EMPTY;
    /** @type {Map<string, DOMRect>} */
    this.places = new Map();
    this.lock = new InteractionLock(this, () => this.requestUpdate());
    this.settle = false;
  }

  /** @param {import('../state/types.js').Status} status @returns {Item[]} */
  #those(status) {
    return Object.values(this.live?.items ?? {}).filter((item) => item.status === status);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const list = this.querySelector('.questions__list');
    this.places = list ? places(list) : new Map();
    if (!this.live) return;
    const { fresh } = this.order;
    const held = !this.settle && !changed.has('wish') && this.lock.locked();
    this.order = arrange(this.order, found(this.#those('published'), this.wish, this.#supported()), held, sorting(this.wish.by));
    this.settle = false;
    if (this.order.fresh > fresh) announce(tn('questions.fresh', this.order.fresh));
  }

  /** What one supports, pressed just now or before. */
  #supported() {
    const pressed = [...(this.session?.presses ?? [])];
    const gone = pressed.filter(([, press]) => !press.on).map(([id]) => id);
    return new Set([...(this.live?.my_votes ?? []), ...pressed.map(([id]) => id)].filter((id) => !gone.includes(id)));
  }

  updated() {
    const list = this.querySelector('.questions__list');
    if (!list) return;
    keepHeights(list, this.places, '.question--gone');
    glide(list, this.places);
  }

  #arrange() {
    this.settle = true;
    this.requestUpdate();
    this.updateComplete.then(() => /** @type {HTMLElement|null} */ (this.querySelector('.questions__title'))?.focus());
  }

  render() {
    const { live, session } = this;
    if (!live || !session) return html`<p class="quiet questions__loading">${t('questions.loading')}</p>`;
    const hand = { press: this.#vote.bind(this), count: this.#count.bind(this), refused: this.refused };
    return html`
      <div class="questions__head"><tablee-ring figure .presence=${live.presence}></tablee-ring>
        <h2 class="questions__title" id="questions" tabindex="-1">${t('questions.title')} <span class="quiet num">${this.#those('published').length || ''}</span></h2>
        <tablee-tools .shown=${this.order.ids.length} @wish=${(/** @type {CustomEvent} */ event) => { this.wish = event.detail; }}></tablee-tools></div>
      <div class="questions__scroll" role="region" aria-labelledby="questions">
        <div class="questions__news">${this.#pill()}</div>
        ${this.order.ids.length ? nothing : html`<p class="quiet">${this.#none(live)}</p>`}
        <ol class="questions__list plain">${repeat(this.order.ids, (id) => id, (id) => row(id, session, hand))}</ol>
        ${settled('promised', this.#those('deferred').sort(byAge))}${settled('answered', this.#those('answered').sort(byAge))}</div>`;
  }

  /** Why the list is empty. @param {import('../state/types.js').Live} live */
  #none(live) {
    if (this.wish.text) return t('questions.none.found');
    if (this.wish.by === 'mine') return t('questions.none.mine');
    return Object.keys(live.items).length ? t('questions.none.other') : t(`questions.none.${live.floor.state}`);
  }

  #pill() {
    const { fresh, moved } = this.order;
    if (!fresh && !moved) return nothing;
    return html`<button class="button button--small pill" type="button" @click=${() => this.#arrange()}>
      ${fresh ? tn('questions.fresh', fresh) : t('questions.moved')}</button>`;
  }

  /** @param {string} id @param {boolean} on */
  #vote(id, on) {
    this.refused = null;
    this.session?.vote(id, on).catch((failure) => {
      this.refused = { id, words: why(failure) };
    });
  }

  /** @param {string} id @param {number} hands */
  #count(id, hands) {
    this.refused = null;
    this.session?.count(id, hands).then(() => announce(tn('hall.counted', hands)), (failure) => {
      this.refused = { id, words: why(failure) };
    });
  }
}

define('tablee-questions', Questions);
