// Raised hands as those see them who lead the session: in order, by door, each with a way down and back.
// What must not be here: one's own hand (hand.js).

import { html, nothing } from 'lit';
import { moveHand } from '../net/hand_commands.js';
import { invite } from '../net/table.js';
import { compare } from '../state/order.js';
import { attempt } from './attempt.js';
import { LiveElement, define } from './live_element.js';
import { ago, t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Hand} Hand */

/** A hand that was just lowered can be put back for so long, in ms. */
const BACK = 10_000;

class HandLine extends LiveElement {
  static properties = { live: { attribute: false }, lowered: { state: true }, words: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** The one that was lowered here last. @type {Hand|null} */
    this.lowered = null;
    this.words = '';
    this.timer = 0;
  }

  render() {
    if (!this.live) return nothing;
    const line = Object.values(this.live.line ?? {}).sort((a, b) => compare(a.at, b.at) || compare(a.id, b.id));
    return html`<section aria-labelledby="hand-line"><h2 class="kicker" id="hand-line">${tn('hands', line.length)}</h2>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
      <ol class="plain hand-line">${line.map((hand) => this.#hand(hand))}</ol>
      ${this.lowered ? html`<p class="hand-line__back" role="status">${t('hand.lowered', { name: this.#name(this.lowered) })}
        <button type="button" class="button button--small" @click=${() => this.#back()}>${t('hand.restore')}</button></p>` : nothing}</section>`;
  }

  /** @param {Hand} hand */
  #name(hand) {
    return hand.name || t('hand.nameless');
  }

  /** @param {Hand} hand */
  #hand(hand) {
    return html`<li class="hand-line__one"><span><strong dir="auto">${this.#name(hand)}</strong> <span class="small quiet">${t(`door.${hand.door}`)} · ${ago(hand.at)}</span></span>
      <span class="hand-line__acts"><button type="button" class="button button--small" aria-label=${t('hand.invite.whose', { name: this.#name(hand) })} @click=${() => this.#invite(hand)}>${t('hand.invite')}</button>
      <button type="button" class="button button--small" aria-label=${t('hand.lower.whose', { name: this.#name(hand) })} @click=${() => this.#lower(hand)}>${t('hand.lower')}</button></span></li>`;
  }

  /** To the table; the hand goes down with it. @param {Hand} hand */
  async #invite(hand) {
    const { session } = this;
    if (session) await attempt(this, async () => session.learn('seat', await invite(session.api, session.session, { hand: hand.id })));
  }

  /** @param {Hand} hand */
  async #lower(hand) {
    if (!(await this.#move(hand, 'lower'))) return;
    this.lowered = hand;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => { this.lowered = null; }, BACK);
  }

  async #back() {
    const hand = this.lowered;
    this.lowered = null;
    if (hand) await this.#move(hand, 'restore');
  }

  /** @param {Hand} hand @param {'lower'|'restore'} step */
  async #move(hand, step) {
    const { session } = this;
    return session ? attempt(this, () => moveHand(session.api, hand.id, step)) : false;
  }
}

define('tablee-hands', HandLine);
