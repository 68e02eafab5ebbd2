// The screen in the room: the question on stage as large as the screen allows, else how to ask one. Nothing to press.
// A lost connection leaves the last frame as it is, with a small quiet mark. What must not be here: connecting, requests.

import { html, nothing } from 'lit';
import { shows, standing } from '../state/facts.js';
import { screenPoll } from '../state/polls.js';
import { fit } from './fit.js';
import { LiveElement, define } from './live_element.js';
import { byline } from './question.js';
import { screenPollView } from './screen_poll.js';
import { split } from './split.js';
import { inTwo, pictureOf } from '../net/hall_code.js';
import { spoken } from './session_head.js';
import { at, language, typeset, t, tn } from '../i18n.js';

class Screen extends LiveElement {
  static properties = { live: { attribute: false }, facts: { attribute: false }, session: { attribute: false }, code: { attribute: false }, nothing: { attribute: false }, connection: { attribute: false }, refusal: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** @type {import('../net/feed.js').ConnectionState} */
    this.connection = 'connecting';
    /** @type {{code: string, sentences?: Record<string, string>}|null} */
    this.refusal = null;
    /** @type {import('../state/facts.js').Facts|null} */
    this.facts = null;
    /** The id under which questions are asked. */
    this.session = '';
    /** What people here type to take part without a mail; empty: nothing. */
    this.code = '';
    /** Whether no session is planned on this stage. */
    this.nothing = false;
    this.address = this.dataset.address ?? location.host;
  }

  firstUpdated() {
    const again = () => this.#fit();
    addEventListener('resize', again);
    document.fonts?.ready.then(again);
    this.#stayAwake();
    document.addEventListener('visibilitychange', () => document.hidden || this.#stayAwake());
  }

  updated() {
    this.#fit();
  }

  #fit() {
    const box = /** @type {HTMLElement|null} */ (this.querySelector('.screen__box'));
    const words = /** @type {HTMLElement|null} */ (this.querySelector('.screen__words'));
    if (box && words) fit(words, box);
  }

  /** A projector must not fall asleep between two questions; browsers without this leave it to the system. */
  async #stayAwake() {
    try {
      await navigator.wakeLock?.request('screen');
    } catch {
      // Not allowed here: the machine's own settings decide.
    }
  }

  render() {
    if (this.live?.screens?.blank) return html`<div class="screen screen--blank"><h1 class="visually-hidden">${t('screen.blank')}</h1></div>`;
    const shown = shows(this.facts, this.live?.floor.state ?? 'closed', Boolean(this.asked()));
    return html`<div class="screen screen--${shown === 'question' ? 'question' : 'open'}">
      ${this.#middle(shown)}
      <div class="screen__foot">
        ${this.live ? html`<tablee-ring .presence=${this.live.presence}></tablee-ring>` : nothing}
        ${this.facts ? html`<h1 class="screen__session ${shown === 'next' || shown === 'title' ? 'visually-hidden' : ''}" lang=${spoken(this.facts)} dir="auto">${this.#name(this.facts)}</h1>` : nothing}
        ${this.#way()}
      </div>
      ${this.live && this.connection !== 'live' ? html`<p class="screen__mark badge badge--waiting"><span class="visually-hidden">${t('screen.late')}</span></p>` : nothing}
    </div>`;
  }

  /** The question that is being asked. */
  asked() {
    return Object.values(this.live?.items ?? {}).find((item) => item.status === 'on_stage') ?? null;
  }

  /** @param {import('../state/facts.js').Facts} facts */
  #name(facts) {
    return `${facts.label ? `${facts.label}${t('page.colon')}` : ''}${typeset(facts.title, facts.language)}`;
  }

  /** @param {ReturnType<typeof shows>} shown */
  #middle(shown) {
    const item = this.asked();
    if (!this.live) return html`<div class="screen__box"><p class="screen__words screen__words--quiet">${this.#waiting()}</p></div>`;
    const poll = screenPoll(this.live, item?.staged_at ?? null);
    if (poll) return screenPollView(poll, this.live.tallies[poll.id]);
    if (item) {
      return html`<div class="screen__box" role="status"><blockquote class="screen__words" lang=${item.language || nothing} dir="auto">${t('quote', { text: typeset(item.text, item.language) })}</blockquote></div>
      <p class="screen__by">${byline(item)} ${split(item.by_door)}</p>${this.#following()}`;
    }
    return html`${this.#between(shown, this.live.floor.state)}${this.live.published
      ? html`<p class="screen__by">${tn('screen.published', this.live.published)}</p>` : nothing}`;
  }

  /** The question after the one that is asked, in one line. */
  #following() {
    const next = Object.values(this.live?.items ?? {}).find((one) => one.status === 'published' && one.cued_at);
    return next ? html`<p class="screen__following">${t('screen.following')} <span lang=${next.language || nothing} dir="auto">${typeset(next.text, next.language)}</span></p>` : nothing;
  }

  /** While nobody asks: what comes next with its hour, that questions are welcome, or what is on. @param {ReturnType<typeof shows>} shown @param {string} floor */
  #between(shown, floor) {
    const { facts } = this;
    if (!facts || shown === 'invite') return this.#words(t(`screen.invite.${floor}`));
    if (shown === 'end') return this.#words(t(`screen.${standing(facts)}`));
    if (shown === 'title') return this.#words(this.#title(facts));
    return this.#words(this.#title(facts), facts.starts_at ? at('screen.next', facts.starts_at) : t('screen.soon'));
  }

  /** @param {import('../state/facts.js').Facts} facts */
  #title(facts) {
    return html`<span dir="auto" lang=${spoken(facts)}>${this.#name(facts)}</span>`;
  }

  /** @param {unknown} words @param {string} [above] */
  #words(words, above) {
    return html`<div class="screen__box"><div class="screen__words">${above ? html`<p class="screen__above">${above}</p>` : nothing}
      <p>${words}</p></div></div>`;
  }

  #waiting() {
    if (this.connection === 'refused') return this.refusal?.sentences?.[language()] ?? t(this.refusal?.code === 'session.ended' ? 'connection.ended' : 'connection.refused');
    return t(this.nothing ? 'screen.nothing' : 'screen.loading');
  }

  /** How to ask, as long as asking is possible. */
  #way() {
    if (this.live?.floor.state !== 'open') return nothing;
    const { code } = this;
    const address = `${this.address}/${code ? 'code' : 'room'}`;
    return html`<div class="screen__way"><p>${t('screen.ask')}<br><strong>${address}</strong>${code
      ? html`<br>${t('screen.code')} <strong class="screen__code num">${inTwo(code)}</strong>` : nothing}</p>
      <img class="screen__qr" src=${pictureOf(this.session, code)} alt=${t('screen.qr', { address })} @error=${(/** @type {Event} */ event) => {
        /** @type {HTMLElement} */ (event.target).hidden = true;
      }}></div>`;
  }
}

define('tablee-screen', Screen);
