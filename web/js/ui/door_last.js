// The last things this desk did, each to be taken back; and what the platform did not take, with its words. What must not be here: sending.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { weightOf } from '../state/door.js';
import { LiveElement, define } from './live_element.js';
import { clock, t, tn } from '../i18n.js';

/**
 * @typedef {{nonce: string, at: number, way: 'entry'|'exit'|'walk_in', verdict: import('../state/door.js').Verdict, sent: boolean, undone: boolean, undoable: boolean}} Line
 */

class DoorLast extends LiveElement {
  static properties = { lines: { attribute: false }, waiting: { attribute: false }, refused: { attribute: false }, fragile: { attribute: false } };

  constructor() {
    super();
    /** @type {Line[]} */
    this.lines = [];
    /** How many are not at the platform yet. */
    this.waiting = 0;
    /** @type {import('../state/outbox.js').Entry[]} */
    this.refused = [];
    this.fragile = false;
  }

  render() {
    return html`${this.waiting ? html`<p class="door-last__waiting" role="status">${tn('door.waiting', this.waiting)}${this.fragile ? html` <strong>${t('door.fragile')}</strong>` : nothing}</p>` : nothing}
      ${this.refused.map((one) => html`<div class="note note--error"><p><strong>${t('door.refused')}</strong> ${one.refused}</p>
        <p><button type="button" class="button button--small" @click=${() => this.tell('again', one.key)}>${t('door.refused.again')}</button>
          <button type="button" class="button button--small" @click=${() => this.tell('giveup', one.key)}>${t('door.refused.drop')}</button></p></div>`)}
      ${this.lines.length ? html`<section aria-labelledby="door-last"><h2 class="door-last__title" id="door-last">${t('door.last')}</h2>
        <ul class="plain">${repeat(this.lines, (line) => line.nonce, (line) => this.#line(line))}</ul></section>` : nothing}`;
  }

  /** @param {Line} line */
  #line(line) {
    const { told, person } = line.verdict;
    return html`<li class="door-row door-row--${weightOf(told)} ${line.undone ? 'door-row--undone' : ''}" data-nonce=${line.nonce}>
      <span class="num quiet">${clock(new Date(line.at).toISOString())}</span>
      <span class="door-row__who"><strong>${person?.name ?? '—'}</strong> <span class="small">${t(line.undone ? 'door.told.undone' : `door.told.${told}`)}${line.sent ? '' : ` · ${t('door.unsent')}`}</span></span>
      ${line.undoable && !line.undone ? html`<button type="button" class="button button--small" aria-label=${t('door.undo.of', { name: person?.name ?? '' })} @click=${() => this.tell('undo', line.nonce)}>${t('door.undo')}</button>` : nothing}</li>`;
  }
}

define('tablee-door-last', DoorLast);
