// On one's own place: every question one asked, session by session, and what became of it, hours later too: folded, unless something was
// answered or promised. Until it is known, what the server wrote stays. What must not be here: one question (mine.js), the live feed: what is
// here is read when the page is looked at.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { ownDeeds } from '../net/own_questions.js';
import { FollowingElement, define } from './live_element.js';
import './mine.js';
import { t, typeset } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {{session: string, title: string, label: string, language: string, removed: boolean, questions: Item[]}} Asked */

/** What there is to be read on the page of the answers. */
const TOLD = ['answered', 'deferred'];

class MyQuestions extends FollowingElement {
  static properties = { sessions: { attribute: false } };

  constructor() {
    super();
    /** null: not known yet. @type {Asked[]|null} */
    this.sessions = null;
    /** @type {import('../net/api.js').Api|null} */
    this.api = null;
  }

  async look() {
    if (this.api) this.sessions = (await this.api.get('/api/qa/mine')).sessions;
  }

  ready() {
    return this.sessions !== null;
  }

  render() {
    if (!this.sessions) return nothing;
    const count = this.sessions.reduce((sum, { questions }) => sum + questions.length, 0);
    if (!count) return html`<p class="place__asked quiet small">${t('mine.none')}</p>`;
    return html`<details class="place__asked" ?open=${this.sessions.some(told)}><summary><h2>${t('mine.everywhere')} <span class="quiet num">${count}</span></h2></summary>
      ${repeat(this.sessions, ({ session }) => session, (one) => this.#one(one))}</details>`;
  }

  /** @param {Asked} one */
  #one(one) {
    const name = `${one.label ? `${one.label}${t('page.colon')}` : ''}${typeset(one.title, one.language)}`;
    const items = Object.fromEntries(one.questions.map((item) => [item.id, item]));
    return html`<h3 class="mine__title" dir="auto" lang=${one.language || nothing}>${name}</h3>
      ${one.removed ? html`<tablee-mine .elsewhere=${{ title: one.title, mine: items }}></tablee-mine>` : html`<tablee-mine all .mine=${items} .deeds=${this.#deeds(one)}></tablee-mine>`}
      ${told(one) ? html`<p class="small"><a class="place__read" href=${`/answers?session=${encodeURIComponent(one.session)}`}>${t('way.answers')}</a></p>` : nothing}`;
  }

  /** @param {Asked} one */
  #deeds({ session }) {
    return this.api && ownDeeds(this.api, (kind, data) => {
      this.sessions = (this.sessions ?? []).map((one) => (one.session === session ? { ...one, questions: without(one.questions, data.id, kind === 'mine' ? data : null) } : one));
    });
  }
}

/** @param {Asked} one */
const told = ({ questions, removed }) => !removed && questions.some(({ status }) => TOLD.includes(status));

/** @param {Item[]} items @param {string} id @param {Item|null} now */
const without = (items, id, now) => items.flatMap((item) => (item.id === id ? (now ? [now] : []) : [item]));

define('tablee-my-questions', MyQuestions);
