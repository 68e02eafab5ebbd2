// One's own hand and one's reactions, in one row above the composer: pressed, it says which place one has.
// What must not be here: the line of hands (hand_line.js), asking.

import { html, nothing } from 'lit';
import { raise, react } from '../net/hand_commands.js';
import { why } from '../net/problem.js';
import { REACTIONS } from '../state/tables.js';
import { announce } from './announce.js';
import { icon } from './icon.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

/** A sign can be shown again after this long, in ms: the service takes one a second. */
const AGAIN = 1_000;
/** What was refused is read so long, in ms. */
const READ = 8_000;

class Hand extends LiveElement {
  static properties = { live: { attribute: false }, busy: { state: true }, resting: { state: true }, words: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    this.busy = false;
    /** Whether a sign was shown a moment ago. */
    this.resting = false;
    this.words = '';
    this.timer = 0;
  }

  render() {
    if (!this.live || this.live.session.removed || this.live.silenced) return nothing;
    const hand = this.live.my_hand;
    return html`<div class="hand">
        ${hand || this.live.floor.state === 'open' ? html`<button type="button" class="button button--small hand__up" aria-pressed=${hand ? 'true' : 'false'} title=${hand ? t('hand.down') : nothing} ?disabled=${this.busy} @click=${() => this.#raise(!hand)}>
          ${icon('hand')} ${hand ? t('hand.up', { n: hand.rank }) : t('hand.raise')}</button>` : nothing}
        <div class="hand__signs" role="group" aria-label=${t('reactions.title')}>${REACTIONS.map((kind) => this.#sign(kind))}</div>
      </div>
      ${this.words ? html`<p class="hand__words small field__error" role="alert">${this.words}</p>` : nothing}`;
  }

  /** @param {import('../state/tables.js').ReactionKind} kind */
  #sign(kind) {
    const many = this.live?.reactions[kind] ?? 0;
    return html`<button type="button" class="hand__sign ${many ? 'hand__sign--on' : ''}" aria-label=${t(`reaction.${kind}`)} title=${t(`reaction.${kind}`)} aria-disabled=${this.resting ? 'true' : 'false'}
      @click=${() => this.#react(kind)}>${icon(`reaction_${kind}`)}<span class="hand__many num" aria-hidden="true">${many || ''}</span></button>`;
  }

  /** @param {boolean} up */
  async #raise(up) {
    if (!this.session) return;
    this.busy = true;
    try {
      const { hand } = await raise(this.session.api, this.session.session, up);
      this.session.learn('my_hand', hand);
      this.#say('');
      announce(hand ? tn('hand.rank', hand.rank) : t('hand.is_down'));
    } catch (failure) {
      this.#say(why(failure));
    } finally {
      this.busy = false;
    }
  }

  /** @param {import('../state/tables.js').ReactionKind} kind */
  async #react(kind) {
    if (!this.session || this.resting) return;
    this.resting = true;
    setTimeout(() => { this.resting = false; }, AGAIN);
    try {
      await react(this.session.api, this.session.session, kind);
    } catch (failure) {
      this.#say(why(failure));
    }
  }

  /** @param {string} words */
  #say(words) {
    this.words = words;
    clearTimeout(this.timer);
    if (words) this.timer = window.setTimeout(() => { this.words = ''; }, READ);
  }
}

define('tablee-hand', Hand);
