// The question that is being asked now, before all others; nothing while there is none.
// What must not be here: the list, the projector's screen.

import { html, nothing } from 'lit';
import { LiveElement, define } from './live_element.js';
import { foot, words } from './question.js';
import { t } from '../i18n.js';

class OnStage extends LiveElement {
  static properties = { live: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
  }

  render() {
    const item = Object.values(this.live?.items ?? {}).find((one) => one.status === 'on_stage');
    const own = item && item.id in (this.live?.mine ?? {});
    return html`<div aria-live="polite">${item ? html`<section class="question question--stage" aria-label=${t('question.on_stage')}>
      <p class="badge badge--stage">${t(own ? 'mine.on_stage' : 'question.on_stage')}</p>${words(item)}${foot(item)}</section>` : nothing}</div>`;
  }
}

define('tablee-on-stage', OnStage);
