// What the chair holds in a hand: the question that is asked, the next one, the list, and at the bottom what a thumb presses.
// What must not be here: commands' fate (decisions.js), whose turn it is (state/leading.js), hands, notes.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { asked, coming, minutesAsked, minutesLeft, next } from '../state/leading.js';
import { why } from '../net/problem.js';
import { invite } from '../net/table.js';
import { ChairMore } from './chair_more.js';
import { Decisions } from './decisions.js';
import { deskToast } from './desk_toast.js';
import { LiveElement, define } from './live_element.js';
import { byline, words } from './question.js';
import { blankWords } from './screen_words.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** The minutes on the page are looked at again after this long, in ms. */
const AGAIN = 10_000;

class Chair extends LiveElement {
  static properties = { live: { attribute: false }, now: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    this.now = Date.now();
    this.decisions = new Decisions(() => this.requestUpdate());
    this.more = new ChairMore(() => this.live, this.decisions);
    setInterval(() => { this.now = Date.now(); }, AGAIN);
    addEventListener('keydown', (event) => this.#key(event));
  }

  willUpdate() {
    this.decisions.session = this.session;
  }

  updated() {
    this.more.refresh();
  }

  /** The letters of its language answer, pass, ask and undo, as their buttons do; not while somebody writes. @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element) || event.target.closest('input, textarea, select, dialog')) return;
    if (event.key.toLowerCase() === t('key.undo')) return void this.decisions.undo();
    const pressed = [...this.querySelectorAll('button[data-key]')].find((one) => one instanceof HTMLElement && one.dataset.key === event.key.toLowerCase());
    if (pressed instanceof HTMLButtonElement && !pressed.disabled) pressed.click();
  }

  render() {
    if (!this.live) return html`<p class="quiet">${t('page.loading')}</p>`;
    const now = asked(this.live);
    const following = next(this.live);
    const blank = this.live.screens?.everywhere ?? this.live.screens?.here;
    return html`<p class="chair__blank" role="status">${blank ? blankWords('screens.here', blank) : nothing}</p><div class="chair__columns">
        <div class="chair__main">${this.#left()}<tablee-seats .live=${this.live} .session=${this.session}></tablee-seats><tablee-notes news .live=${this.live} .session=${this.session} side="chair"></tablee-notes>${this.#now(now)}${this.#next(following)}<tablee-turn .live=${this.live}></tablee-turn></div>
        <div class="chair__side">${this.#list(following?.item ?? null)}
          <tablee-hands .live=${this.live} .session=${this.session}></tablee-hands>
          <tablee-notes .live=${this.live} .session=${this.session} side="chair"></tablee-notes></div>
      </div>
      <div class="chair__bar" role="group" aria-label=${t('chair.bar')}>${now ? this.#leave(now) : this.#take(following?.item ?? null)}</div>
      ${deskToast(this.decisions.toast, () => this.decisions.undo())}`;
  }

  #left() {
    const left = this.live && minutesLeft(this.live, this.now);
    if (left === null) return nothing;
    const late = left < 0;
    return html`<p class="chair__left ${late ? 'chair__left--late' : ''}" role="timer">${late ? tn('chair.late', -left) : tn('chair.left', left)}</p>`;
  }

  /** @param {Item|null} item */
  #now(item) {
    return html`<section class="chair__card ${item ? 'chair__card--now' : ''}" aria-labelledby="chair-now" aria-live="polite">
      <h2 class="kicker" id="chair-now">${t('chair.now')}</h2>
      ${item ? html`<div class="chair__words">${words(item)}</div><p class="small">${byline(item)}${item.speaker ? html` · ${t('chair.for', { name: item.speaker })}` : nothing}
        · <span class="num">${tn('chair.since', minutesAsked(item, this.now))}</span></p>
      <p><button type="button" class="button button--small" @click=${() => this.#invite(item)}>${t('card.invite')}</button></p>${this.more.of(item)}` : html`<p class="quiet">${t('chair.now.none')}</p>`}
    </section>`;
  }

  /** @param {ReturnType<typeof next>} following */
  #next(following) {
    return html`<section class="chair__card" aria-labelledby="chair-next">
      <h2 class="kicker" id="chair-next">${t('chair.next')}${following ? html` · <span class="chair__how">${t(`chair.next.${following.how}`)}</span>` : nothing}</h2>
      ${following ? html`${words(following.item)}<p class="small">${byline(following.item)}${following.item.speaker ? html` · ${t('chair.for', { name: following.item.speaker })}` : nothing}</p>`
    : html`<p class="quiet">${t('chair.next.none')}</p>`}
    </section>`;
  }

  /** @param {Item|null} following */
  #list(following) {
    const all = this.live ? coming(this.live) : [];
    return html`<section aria-labelledby="chair-list"><h2 class="kicker" id="chair-list">${tn('chair.list', all.length)}</h2>
      <ol class="plain chair__list">${repeat(all, ({ id }) => id, (item) => html`<li class="chair__row ${item.id === following?.id ? 'chair__row--next' : ''}">
        <div>${words(item)}<p class="small quiet">${byline(item)} · ${tn('votes', item.votes)}${item.speaker ? html` · ${t('chair.for', { name: item.speaker })}` : nothing}</p></div>
        <button type="button" class="button button--small" aria-pressed=${item.cued_at ? 'true' : 'false'} ?disabled=${this.decisions.busy.has(item.id)}
          @click=${() => this.#cue(item)}>${t(item.cued_at ? 'chair.uncue' : 'chair.cue')}</button>${this.more.of(item)}</li>`)}</ol></section>`;
  }

  /** @param {Item} item */
  #leave(item) {
    const busy = this.decisions.busy.has(item.id);
    return html`<button type="button" class="button chair__thumb" data-key=${t('key.chair.pass')} ?disabled=${busy} @click=${() => this.#send(item, 'return')}>${t('chair.pass')}</button>
      <button type="button" class="button button--primary chair__thumb chair__thumb--wide" data-key=${t('key.chair.answered')} ?disabled=${busy} @click=${() => this.#send(item, 'answer')}>${t('chair.answered')}</button>`;
  }

  /** @param {Item|null} item */
  #take(item) {
    return html`<button type="button" class="button button--primary chair__thumb chair__thumb--wide" data-key=${t('key.chair.take')} ?disabled=${!item || this.decisions.busy.has(item.id)}
      @click=${() => item && this.#send(item, 'stage')}>${t('chair.take')}</button>`;
  }

  /** Another one that was chosen gives way. @param {Item} item */
  async #cue(item) {
    const chosen = this.live && coming(this.live).find((one) => one.cued_at && one.id !== item.id);
    if (chosen && !item.cued_at) this.decisions.refused(await this.decisions.send([chosen], 'uncue'));
    await this.#send(item, item.cued_at ? 'uncue' : 'cue');
  }

  /** Its author, to the table. @param {Item} item */
  async #invite(item) {
    const { session } = this;
    if (!session) return;
    this.decisions.refused(await invite(session.api, session.session, { question: item.id }).then((seat) => { session.learn('seat', seat); return ''; }, why));
  }

  /** @param {Item} item @param {string} command */
  async #send(item, command) {
    this.decisions.refused(await this.decisions.send([item], command));
  }
}

define('tablee-chair', Chair);
