// The published questions with their votes: by votes, the answered ones folded below.
// What must not be here: requests (it fires 'vote'), the rule of order (state/order.js).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { EMPTY, arrange, byAge } from '../state/order.js';
import { announce } from './announce.js';
import { glide, places } from './flip.js';
import { InteractionLock } from './interaction_lock.js';
import { LiveElement, define } from './live_element.js';
import { foot, words } from './question.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

class Questions extends LiveElement {
  static properties = { session: { attribute: false }, live: { attribute: false }, presses: { attribute: false }, refused: { state: true } };

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
    this.order = EMPTY;
    /** @type {Map<string, number>} */
    this.places = new Map();
    this.lock = new InteractionLock(this, () => this.requestUpdate());
    this.settle = false;
  }

  /** @param {import('../state/types.js').Status} status @returns {Item[]} */
  #those(status) {
    return Object.values(this.live?.items ?? {}).filter((item) => item.status === status);
  }

  willUpdate() {
    const list = this.querySelector('.questions__list');
    this.places = list ? places(list) : new Map();
    if (!this.live) return;
    const { fresh } = this.order;
    this.order = arrange(this.order, this.#those('published'), !this.settle && this.lock.locked());
    this.settle = false;
    if (this.order.fresh > fresh) announce(tn('questions.fresh', this.order.fresh));
  }

  updated() {
    const list = this.querySelector('.questions__list');
    if (list) glide(list, this.places);
  }

  #arrange() {
    this.settle = true;
    this.requestUpdate();
    this.updateComplete.then(() => /** @type {HTMLElement|null} */ (this.querySelector('.questions__title'))?.focus());
  }

  render() {
    if (!this.live) return html`<p class="quiet">${t('questions.loading')}</p>`;
    return html`
      <div class="questions__head"><h2 class="questions__title" tabindex="-1">${t('questions.title')}</h2>${this.#pill()}</div>
      ${this.order.ids.length ? nothing : html`<p class="quiet">${this.#none(this.live)}</p>`}
      <ol class="questions__list plain">${repeat(this.order.ids, (id) => id, (id) => this.#row(id))}</ol>
      ${this.#answered(this.#those('answered').sort(byAge))}`;
  }

  /** Why the list is empty. @param {import('../state/types.js').Live} live */
  #none(live) {
    return Object.keys(live.items).length ? t('questions.none.other') : t(`questions.none.${live.floor.state}`);
  }

  #pill() {
    const { fresh, moved } = this.order;
    if (!fresh && !moved) return nothing;
    return html`<button class="button button--small pill" type="button" @click=${() => this.#arrange()}>
      ${fresh ? tn('questions.fresh', fresh) : t('questions.moved')}</button>`;
  }

  /** @param {string} id */
  #row(id) {
    const item = this.live?.items[id];
    if (item?.status !== 'published') {
      return html`<li class="question question--gone" id="q-${id}"><p class="quiet">${t(`questions.gone.${item?.status ?? 'hidden'}`)}</p></li>`;
    }
    const own = id in (this.live?.mine ?? {});
    return html`<li class="question" id="q-${id}">
      ${own || this.live?.session.removed ? this.#count(item, own) : this.#button(item)}
      <div class="question__body">${words(item)}${foot(item)}
        ${this.refused?.id === id ? html`<p class="field__error" role="alert">${this.refused.words}</p>` : nothing}</div>
    </li>`;
  }

  /** @param {Item} item */
  #button(item) {
    const { on, votes } = this.session?.votes(item.id) ?? { on: false, votes: item.votes };
    return html`<button type="button" class="vote" aria-pressed=${on ? 'true' : 'false'} aria-describedby="q-${item.id}"
      @click=${() => this.#vote(item.id, !on)}>
      <span class="vote__mark" aria-hidden="true"></span><span class="vote__count num" aria-hidden="true">${votes}</span>
      <span class="visually-hidden">${t(on ? 'vote.pressed' : 'vote.press')}${tn('vote.count', votes)}</span></button>`;
  }

  /** One's own question is supported by others only, that of a removed session by nobody any more. @param {Item} item @param {boolean} own */
  #count(item, own) {
    return html`<div class="vote vote--own"><span class="vote__mark" aria-hidden="true"></span><span class="vote__count num">${item.votes}</span>
      ${own ? html`<span class="vote__own">${t('vote.own')}</span>` : nothing}</div>`;
  }

  /** @param {string} id @param {boolean} on */
  #vote(id, on) {
    this.refused = null;
    this.session?.vote(id, on).catch((failure) => {
      this.refused = { id, words: failure.message || t('net.unreachable') };
    });
  }

  /** @param {Item[]} items */
  #answered(items) {
    if (!items.length) return nothing;
    return html`<details class="questions__answered"><summary>${tn('questions.answered', items.length)}</summary>
      <ol class="plain">${items.map((item) => html`<li class="question question--answered"><p class="badge badge--answered">${t('question.answered')}</p>
        ${words(item)}${foot(item)}</li>`)}</ol></details>`;
  }
}

define('tablee-questions', Questions);
