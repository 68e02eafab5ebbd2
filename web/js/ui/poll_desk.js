// The moderators' polls, opened by one button: prepare, open, close, show, archive; results as they come; the export.
// What must not be here: the fields of a poll (poll_editor.js), bars (poll_results.js).

import { html, nothing } from 'lit';
import { movePoll, preparePoll, resultsAt } from '../net/poll_commands.js';
import { why } from '../net/problem.js';
import { pollsOf, takesAnswers } from '../state/polls.js';
import { POLL_ALLOWED, POLL_ALLOWED_REMOVED } from '../state/poll_tables.js';
import { announce } from './announce.js';
import { keep } from './download.js';
import { editPoll } from './poll_editor.js';
import { answeredWords, results } from './poll_results.js';
import { LiveElement, define } from './live_element.js';
import { t, typeset } from '../i18n.js';

/** @typedef {import('../state/types.js').Poll} Poll */

/** An end announced so far ahead is offered beside "now", in s. */
const SOON = 30;
const MARKS = { draft: 'waiting', open: 'published', closing: 'waiting', closed: 'offline', archived: 'quiet' };

class PollDesk extends LiveElement {
  static properties = { live: { attribute: false }, open: { state: true }, words: { state: true }, busy: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    this.open = false;
    this.words = '';
    this.busy = false;
  }

  render() {
    const polls = pollsOf(this.live);
    const running = polls.find(takesAnswers);
    return html`<button type="button" class="button button--small poll-desk__button" aria-expanded=${this.open ? 'true' : 'false'} aria-controls="poll-desk"
      @click=${() => { this.open = !this.open; }}>${t('poll.desk.button')}${running ? html` <span class="badge badge--${MARKS[running.status]}">${t(`poll.status.${running.status}`)}</span>` : nothing}</button>
      <section id="poll-desk" class="poll-desk stack" aria-labelledby="poll-desk-title" ?hidden=${!this.open} @keydown=${this.#key}>${this.open ? this.#panel(polls) : nothing}</section>`;
  }

  /** Keys here are not the desk's. @param {KeyboardEvent} event */
  #key(event) {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    this.open = false;
    /** @type {HTMLElement|null} */ (this.querySelector('.poll-desk__button'))?.focus();
  }

  /** @param {Poll[]} polls */
  #panel(polls) {
    const kept = polls.filter((poll) => poll.status === 'archived');
    const shown = polls.filter((poll) => poll.status !== 'archived');
    return html`<h2 class="poll__title" id="poll-desk-title">${t('poll.desk.title')}</h2>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
      ${shown.length ? shown.map((poll) => this.#poll(poll)) : html`<p class="quiet">${t('poll.desk.none')}</p>`}
      <div class="buttons">${this.live?.session.removed ? nothing : html`<button type="button" class="button" @click=${() => this.#edit(null)}>${t('poll.desk.new')}</button>`}
        ${polls.some((poll) => poll.opened_at) ? html`<button type="button" class="button button--quiet" @click=${() => this.#download('results.csv')}>${t('poll.desk.export')}</button>
          <button type="button" class="button button--quiet" @click=${() => this.#download('results')}>${t('poll.desk.export.json')}</button>` : nothing}</div>
      ${kept.length ? html`<details><summary>${t('poll.desk.archive')}</summary>${kept.map((poll) => this.#poll(poll))}</details>` : nothing}`;
  }

  /** @param {Poll} poll */
  #poll(poll) {
    const allowed = (this.live?.session.removed ? POLL_ALLOWED_REMOVED : POLL_ALLOWED)[poll.status] ?? [];
    const steps = allowed.filter((step) => step !== 'flag' && (step !== 'show' || !poll.shown) && (step !== 'hide' || poll.shown));
    const tally = this.live?.tallies[poll.id];
    const flag = poll.kind === 'words' && allowed.includes('flag') ? (/** @type {string} */ word, /** @type {boolean} */ on) => this.#do(poll, 'flag', { word, on }) : undefined;
    return html`<article class="poll__one stack stack--tight" aria-labelledby=${`pd-${poll.id}`}>
      <p class="row"><span class="badge badge--${MARKS[poll.status]}">${t(`poll.status.${poll.status}`)}</span>
        <span class="quiet small">${t(`poll.kind.${poll.kind}`)}${poll.origin === 'programme' ? ` · ${t('poll.desk.from.programme')}` : ''}${poll.opened_at ? ` · ${t(poll.shown ? 'poll.desk.shown' : 'poll.desk.hidden')}` : ''}</span></p>
      <h3 class="poll__question" id=${`pd-${poll.id}`} dir="auto" lang=${poll.language || nothing}>${typeset(poll.question, poll.language)}</h3>
      ${poll.opened_at ? (tally ? results(poll, tally, flag) : html`<p class="small quiet">${answeredWords(tally)}</p>`)
        : html`<ul class="poll-desk__options small">${poll.options.map((option) => html`<li dir="auto">${typeset(option.text, poll.language)}</li>`)}</ul>`}
      <div class="buttons">${steps.map((step) => this.#buttons(poll, step))}</div></article>`;
  }

  /** @param {Poll} poll @param {string} step */
  #buttons(poll, step) {
    const press = (/** @type {Record<string, unknown>} */ more) => () => (step === 'edit' ? this.#edit(poll) : this.#do(poll, step, more));
    const look = step === 'open' || step === 'close' ? 'button--primary' : '';
    return html`<button type="button" class="button button--small ${look}" aria-disabled=${this.busy ? 'true' : 'false'} @click=${press({})}>${t(`poll.do.${step}`)}</button>
      ${step === 'close' ? html`<button type="button" class="button button--small" aria-disabled=${this.busy ? 'true' : 'false'} @click=${press({ in_seconds: SOON })}>${t('poll.do.close.soon', { seconds: SOON })}</button>` : nothing}`;
  }

  /** What was written is kept while it is refused; sent again, it is sent to the poll as it is then. @param {Poll|null} poll */
  async #edit(poll) {
    const id = poll?.id ?? crypto.randomUUID();
    await editPoll(poll, async (made) => {
      const { api, session } = /** @type {import('../net/live.js').LiveSession} */ (this.session);
      const now = poll && (this.live?.polls[id] ?? poll);
      return this.#send(() => (now ? movePoll(api, now, 'edit', { poll: made }) : preparePoll(api, session, { id, ...made })));
    });
  }

  /** @param {Poll} poll @param {string} step @param {Record<string, unknown>} more */
  async #do(poll, step, more) {
    const { session } = this;
    if (!session || this.busy) return;
    this.busy = true;
    this.words = '';
    this.words = await this.#send(() => movePoll(session.api, poll, step, more));
    this.busy = false;
  }

  /** @param {() => Promise<Poll>} request @returns {Promise<string>}  The refusal in words; empty: it is done. */
  async #send(request) {
    try {
      const poll = await request();
      this.session?.learn('poll', poll);
      announce(`${t(`poll.status.${poll.status}`)} ${poll.question}`);
      return '';
    } catch (failure) {
      const current = /** @type {any} */ (failure).current;
      if (current) this.session?.learn('poll', current);
      return why(failure);
    }
  }

  /** @param {'results'|'results.csv'} what */
  async #download(what) {
    if (!this.session) return;
    this.words = '';
    try {
      const file = await this.session.api.file(resultsAt(this.session.session, what));
      keep(file, `polls-${this.session.session}.${what === 'results' ? 'json' : 'csv'}`);
    } catch (failure) {
      this.words = why(failure);
    }
  }
}

define('tablee-poll-desk', PollDesk);
