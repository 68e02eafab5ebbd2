// The polls of a session on the pages of those who take part: the one that takes answers with its form, and what came of the others.
// What must not be here: controls (poll_form.js), bars (poll_results.js), requests beyond one's own answer.

import { html, nothing } from 'lit';
import { answerPoll, countHall } from '../net/poll_commands.js';
import { why } from '../net/problem.js';
import { moved, pollsOf, takesAnswers, timeLeft } from '../state/polls.js';
import { COUNTABLE } from '../state/poll_tables.js';
import { announce } from './announce.js';
import { controls, hallForm, howTo } from './poll_form.js';
import { answeredWords, results } from './poll_results.js';
import { LiveElement, define } from './live_element.js';
import { t, typeset } from '../i18n.js';

/** @typedef {import('../state/types.js').Poll} Poll */

class PollSection extends LiveElement {
  static properties = { live: { attribute: false }, choice: { state: true }, words: { state: true }, over: { state: true }, busy: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** How far the page is behind the stage, in s. */
    this.delay = () => 0;
    /** What is chosen and not sent yet, and of which poll. @type {{poll: string, chosen: string[]}|null} */
    this.choice = null;
    /** @type {{good: boolean, text: string}|null} */
    this.words = null;
    /** The poll whose end has come on this page. */
    this.over = '';
    this.busy = false;
    this.seen = '';
    this.timer = 0;
  }

  willUpdate() {
    const first = pollsOf(this.live)[0];
    const now = first ? `${first.id} ${first.status} ${first.closes_at} ${first.shown}` : '';
    if (now === this.seen) return;
    if (first && this.seen !== '') announce(`${t(`poll.status.${first.status}`)} ${first.question}`);
    if (!this.seen.startsWith(first?.id ?? '-')) this.words = null;
    this.seen = now;
    clearTimeout(this.timer);
    this.over = '';
    const left = first ? timeLeft(first, this.delay()) : null;
    if (first?.status === 'closing' && left !== null) this.timer = window.setTimeout(() => this.#end(first.id), left);
  }

  /** @param {string} poll */
  #end(poll) {
    this.over = poll;
    announce(t('poll.over'));
  }

  render() {
    const [first, ...others] = pollsOf(this.live);
    this.hidden = !first;
    if (!first) return nothing;
    const before = others.filter((poll) => poll.shown);
    return html`<section class="poll" aria-labelledby="poll-title"><h2 class="poll__title" id="poll-title">${t('poll.title')}</h2>
      ${this.#poll(first)}
      ${before.length ? html`<details class="poll__before"><summary>${t('poll.before')}</summary>${before.map((poll) => this.#poll(poll))}</details>` : nothing}</section>`;
  }

  /** @param {Poll} poll */
  #poll(poll) {
    const tally = this.live?.tallies[poll.id];
    const answering = takesAnswers(poll) && this.over !== poll.id && !this.live?.session.removed;
    return html`<article class="poll__one stack stack--tight">
      <p class="badge badge--${answering ? 'published' : 'offline'}">${t(`poll.status.${answering ? poll.status : 'closed'}`)}</p>
      <h3 class="poll__question" dir="auto" lang=${poll.language || nothing} id=${`poll-${poll.id}`}>${typeset(poll.question, poll.language)}</h3>
      ${answering ? this.#form(poll) : this.#mine(poll)}
      ${poll.shown ? results(poll, tally) : html`<p class="small quiet">${answeredWords(tally)} · ${t('poll.hidden')}</p>`}</article>`;
  }

  /** @param {Poll} poll */
  #mine(poll) {
    const own = this.live?.my_answers?.[poll.id];
    if (!own?.choice.length) return nothing;
    const texts = own.choice.map((key) => poll.options.find(({ id }) => id === key)?.text ?? key);
    return html`<p class="small">${t('poll.mine', { answer: texts.join(poll.kind === 'ranking' ? ' › ' : ', ') })}</p>`;
  }

  /** @param {Poll} poll @returns {string[]} */
  #chosen(poll) {
    if (this.choice?.poll === poll.id) return this.choice.chosen;
    const own = this.live?.my_answers?.[poll.id]?.choice ?? [];
    return own.length || poll.kind !== 'ranking' ? own : poll.options.map(({ id }) => id);
  }

  /** @param {Poll} poll */
  #form(poll) {
    const own = this.live?.my_answers?.[poll.id];
    const choose = (/** @type {string[]} */ chosen) => {
      this.choice = { poll: poll.id, chosen };
      this.words = null;
    };
    return html`<form class="poll__form stack stack--tight" @submit=${(/** @type {Event} */ event) => this.#submit(event, poll)}>
      <fieldset class="stack stack--tight"><legend class="small">${howTo(poll)}</legend>
        ${controls(poll, this.#chosen(poll), choose, (id, by) => this.#move(poll, id, by))}</fieldset>
      <button class="button button--primary poll__send" aria-disabled=${this.busy ? 'true' : 'false'}>${t(own?.choice.length ? 'poll.change' : 'poll.send')}</button>
      <p role="status" class=${this.words && !this.words.good ? 'field__error' : 'small'}>${this.words?.text ?? (own?.choice.length ? t('poll.kept') : own?.hall ? t('poll.hall.kept') : '')}</p></form>
      ${this.session?.pass?.person.people && COUNTABLE.includes(poll.kind)
        ? hallForm(poll, own, (counts, people) => this.#send(() => countHall(/** @type {any} */ (this.session).api, poll.id, counts, people), 'poll.hall.kept')) : nothing}`;
  }

  /** The button that was pressed keeps the keyboard. @param {Poll} poll @param {string} id @param {number} by */
  #move(poll, id, by) {
    const chosen = moved(this.#chosen(poll), id, by);
    this.choice = { poll: poll.id, chosen };
    const text = poll.options.find((option) => option.id === id)?.text ?? '';
    announce(t('poll.moved', { text, place: chosen.indexOf(id) + 1 }));
    this.updateComplete.then(() => /** @type {HTMLElement|null} */ (this.querySelector(`[data-id="${id}"][data-by="${by}"]`))?.focus());
  }

  /** @param {Event} event @param {Poll} poll */
  #submit(event, poll) {
    event.preventDefault();
    const chosen = this.#chosen(poll).filter(Boolean);
    if (!chosen.length) this.words = { good: false, text: t('poll.empty') };
    else this.#send(() => answerPoll(/** @type {any} */ (this.session).api, poll.id, chosen), 'poll.kept');
  }

  /** @param {() => Promise<import('../state/types.js').OwnAnswer>} request @param {'poll.kept'|'poll.hall.kept'} good */
  async #send(request, good) {
    if (this.busy) return;
    this.busy = true;
    try {
      this.session?.learn('my_answer', await request());
      this.choice = null;
      this.words = { good: true, text: t(good) };
    } catch (failure) {
      this.words = { good: false, text: why(failure) };
    } finally {
      this.busy = false;
    }
  }
}

define('tablee-poll', PollSection);
