// The state of the line in words: nothing while all is well, one calm sentence otherwise, a way out when there is one.
// What must not be here: connecting.

import { html, nothing } from 'lit';
import { announce } from './announce.js';
import { Light, define } from './light.js';
import { language, t } from './words.js';

class LineState extends Light {
  static properties = { line: { attribute: false }, refusal: { attribute: false }, discreet: { type: Boolean } };

  constructor() {
    super();
    /** @type {import('../net/feed.js').Line} */
    this.line = 'connecting';
    /** @type {{code: string, sentences?: Record<string, string>}|null} */
    this.refusal = null;
    this.discreet = false;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const before = changed.get('line');
    if (!changed.has('line') || before === undefined) return;
    if (this.line === 'offline' || this.line === 'refused') announce(this.#sentence());
    else if (this.line === 'live' && before === 'offline') announce(t('line.back'));
  }

  #sentence() {
    const told = this.refusal?.sentences?.[language()];
    if (this.line !== 'refused') return t(`line.${this.line}`);
    if (this.refusal?.code === 'session.ended') return t('line.ended');
    return told ?? t('line.refused');
  }

  render() {
    if (this.line === 'live') return this.discreet ? nothing : html`<p class="line-state badge badge--published">${t('line.live')}</p>`;
    if (this.line !== 'refused') {
      const shape = this.line === 'offline' ? 'offline' : 'waiting';
      return html`<p class="line-state badge badge--${shape}">${this.#sentence()}</p>`;
    }
    return html`<div class="line-state note note--error" role="alert"><p>${this.#sentence()}</p>${this.#way()}</div>`;
  }

  /** What the person can do about it. */
  #way() {
    if (this.refusal?.code === 'session.ended') return html`<p><a href="/link">${t('line.link')}</a></p>`;
    if (this.refusal?.code === 'access.denied' || this.refusal?.code === 'access.revoked') return nothing;
    return html`<p><a href=${location.href}>${t('line.reload')}</a></p>`;
  }
}

define('tablee-line', LineState);
