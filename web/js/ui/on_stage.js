// The question that is being asked now, or was when the session ended, in a slot of its own that keeps its height: a long one is cut and unfolds.
// What must not be here: the list, the projector's screen.

import { html, nothing } from 'lit';
import { ended, factsOf } from '../state/facts.js';
import { icon } from './icon.js';
import { LiveElement, define } from './live_element.js';
import { byline, words } from './question.js';
import { t } from '../i18n.js';

class OnStage extends LiveElement {
  static properties = { live: { attribute: false }, open: { state: true }, cut: { state: true } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** The question that somebody unfolded. */
    this.open = '';
    /** Whether there is more of it than is shown. */
    this.cut = false;
    new ResizeObserver(() => this.#measure()).observe(this);
  }

  updated() {
    this.#measure();
  }

  #measure() {
    const text = this.querySelector('.question__text');
    this.cut = Boolean(text) && (this.#item()?.id === this.open || /** @type {Element} */ (text).scrollHeight > /** @type {Element} */ (text).clientHeight + 2);
  }

  #item() {
    return Object.values(this.live?.items ?? {}).find((one) => one.status === 'on_stage');
  }

  render() {
    const item = this.#item();
    const open = Boolean(item) && item?.id === this.open;
    return html`<div class="slot__box ${item ? 'slot__box--asked' : ''} ${open ? 'slot__box--open' : ''}">
      <div aria-live="polite">${item ? this.#asked(item) : html`<p class="slot__none quiet">${this.live ? t('question.on_stage.none') : ''}</p>`}</div>
      ${item && this.cut ? html`<button type="button" class="button button--small button--quiet slot__more" aria-expanded=${open ? 'true' : 'false'}
        @click=${() => this.#turn(item.id)}><span class="slot__word">${t(open ? 'question.less' : 'question.more')}</span>${icon('chevron')}</button>` : nothing}</div>`;
  }

  /** @param {import('../state/types.js').Item} item */
  #asked(item) {
    const own = item.id in (this.live?.mine ?? {});
    const facts = factsOf(this.live);
    const now = facts && ended(facts) ? 'question.on_stage.last' : 'question.on_stage';
    return html`<section class="question--stage" aria-label=${t(now)}>
      <p class="slot__head"><span class="badge badge--stage">${t(own && now === 'question.on_stage' ? 'mine.on_stage' : now)}</span><span class="slot__by small quiet">${byline(item)}</span></p>
      <div class="slot__text">${words(item)}</div></section>`;
  }

  /** @param {string} id */
  #turn(id) {
    this.open = this.open === id ? '' : id;
  }
}

define('tablee-on-stage', OnStage);
