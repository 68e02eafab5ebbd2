// The published questions as the host of a hall counts them: the text, and a number of raised hands for a thumb. The list keeps still under a hand.
// What must not be here: requests, the outbox (given as `count`).

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { handsOf } from '../state/hub.js';
import { EMPTY, arrange } from '../state/order.js';
import { announce } from './announce.js';
import { counter } from './counter.js';
import { InteractionLock } from './interaction_lock.js';
import { LiveElement, define } from './live_element.js';
import { foot, words } from './question.js';
import { first, t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

class HubQuestions extends LiveElement {
  static properties = { live: { attribute: false }, waiting: { attribute: false }, people: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** @type {import('../state/outbox.js').Entry[]} */
    this.waiting = [];
    this.people = 0;
    /** @type {(question: string, hands: number) => void} */
    this.count = () => {};
    this.order = EMPTY;
    this.lock = new InteractionLock(this, () => this.requestUpdate());
    this.settle = false;
  }

  willUpdate() {
    if (!this.live) return;
    const { fresh } = this.order;
    this.order = arrange(this.order, Object.values(this.live.items).filter(({ status }) => status === 'published'), !this.settle && this.lock.locked());
    this.settle = false;
    if (this.order.fresh > fresh) announce(tn('questions.fresh', this.order.fresh));
  }

  render() {
    const { live, order } = this;
    if (!live) return html`<p class="quiet">${t('questions.loading')}</p>`;
    return html`<div class="hub__head-row"><h2 class="hub__title" id="hub-questions" tabindex="-1">${t('hub.questions')} <span class="quiet num">${order.ids.length || ''}</span></h2>
        ${order.fresh || order.moved ? html`<button type="button" class="button button--small pill" @click=${this.#arrange}>${order.fresh ? tn('questions.fresh', order.fresh) : t('questions.moved')}</button>` : nothing}</div>
      ${order.ids.length ? html`<ol class="plain hub-questions">${repeat(order.ids, (id) => id, (id) => this.#row(id, live.items[id]))}</ol>`
        : html`<p class="quiet">${t('hub.questions.none')}</p>`}`;
  }

  #arrange() {
    this.settle = true;
    this.requestUpdate();
    this.updateComplete.then(() => /** @type {HTMLElement|null} */ (this.querySelector('.hub__title'))?.focus());
  }

  /** @param {string} id @param {Item|undefined} item */
  #row(id, item) {
    if (item?.status !== 'published') {
      return html`<li class="hub-question hub-question--gone" id="q-${id}"><p class="quiet">${first(`questions.gone.${item?.status ?? 'hidden'}`, 'questions.gone.hidden')}</p></li>`;
    }
    const { hands, waits } = handsOf(this.waiting, this.live, id, this.people);
    const own = !item.for_hall && id in (this.live?.mine ?? {});
    return html`<li class="hub-question" id="q-${id}"><div class="hub-question__body" id="w-${id}">${words(item)}${foot(item)}</div>
      ${own || !this.people || this.live?.session.removed ? nothing : html`<div class="hub-question__hands">
        ${counter({ id: `hands-${id}`, label: tn('hall.hands', this.people), value: hands, most: this.people, describedby: `w-${id}`, change: (n) => this.count(id, n) })}
        <p class="small quiet">${waits ? t('hub.waits') : t('hub.of', { n: this.people })}</p></div>`}</li>`;
  }
}

define('tablee-hub-questions', HubQuestions);
