// The state of the connection in words: nothing while all is well, one calm sentence otherwise, a way out when there is one.
// What must not be here: connecting.

import { html, nothing } from 'lit';
import { announce } from './announce.js';
import { LiveElement, define } from './live_element.js';
import { language, t } from '../i18n.js';

class ConnectionStatus extends LiveElement {
  static properties = { state: { attribute: false }, refusal: { attribute: false }, discreet: { type: Boolean } };

  constructor() {
    super();
    /** @type {import('../net/feed.js').ConnectionState} */
    this.state = 'connecting';
    /** @type {{code: string, sentences?: Record<string, string>}|null} */
    this.refusal = null;
    this.discreet = false;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const before = changed.get('state');
    if (!changed.has('state') || before === undefined) return;
    if (this.state === 'offline' || this.state === 'refused') announce(this.#sentence());
    else if (this.state === 'live' && before === 'offline') announce(t('connection.back'));
  }

  #sentence() {
    const sentence = this.refusal?.sentences?.[language()];
    if (this.state !== 'refused') return t(`connection.${this.state}`);
    if (this.refusal?.code === 'session.ended') return t('connection.ended');
    return sentence ?? t('connection.refused');
  }

  render() {
    if (this.state === 'live') return this.discreet ? nothing : html`<p class="connection-state badge badge--published">${t('connection.live')}</p>`;
    if (this.state !== 'refused') {
      const shape = this.state === 'offline' ? 'offline' : 'waiting';
      return html`<p class="connection-state badge badge--${shape}">${this.#sentence()}</p>${this.#thin()}`;
    }
    return html`<div class="connection-state note note--error" role="alert"><p>${this.#sentence()}</p>${this.#way()}</div>`;
  }

  /** Where people ask and vote, the page that needs no line of its own. */
  #thin() {
    return this.discreet && this.state === 'late' ? html` <a class="small" href=${`/lite${location.search}`}>${t('connection.thin')}</a>` : nothing;
  }

  /** What the person can do about it. */
  #way() {
    if (this.refusal?.code === 'session.ended') return html`<p><a href="/link">${t('connection.link')}</a></p>`;
    if (this.refusal?.code === 'access.denied' || this.refusal?.code === 'access.revoked') return nothing;
    return html`<p><a href=${location.href}>${t('connection.reload')}</a></p>`;
  }
}

define('tablee-connection', ConnectionStatus);
