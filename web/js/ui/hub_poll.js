// The poll that takes answers, as the host of a hall counts it: a number of raised hands for each option, within what so many people can raise.
// What must not be here: requests, the outbox (given as `count`), polls that are over (a line leads to them).

import { html, nothing } from 'lit';
import { answerOf, mostHands } from '../state/hub.js';
import { choicesOf, pollsOf, takesAnswers } from '../state/polls.js';
import { COUNTABLE } from '../state/poll_tables.js';
import { announce } from './announce.js';
import { counter } from './counter.js';
import { howTo } from './poll_form.js';
import { answeredWords, ends, results } from './poll_results.js';
import { LiveElement, define } from './live_element.js';
import { t, tn, typeset } from '../i18n.js';

/** @typedef {import('../state/types.js').Poll} Poll */

class HubPoll extends LiveElement {
  static properties = { live: { attribute: false }, waiting: { attribute: false }, people: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** @type {import('../state/outbox.js').Entry[]} */
    this.waiting = [];
    this.people = 0;
    this.seen = '';
    /** @type {(poll: string, counts: Record<string, number>) => void} */
    this.count = () => {};
  }

  willUpdate() {
    const [poll] = pollsOf(this.live);
    const now = poll ? `${poll.id} ${poll.status}` : '';
    if (poll && now !== this.seen && this.live) announce(`${t(`poll.status.${poll.status}`)} ${poll.question}`);
    this.seen = now;
  }

  render() {
    const [poll] = pollsOf(this.live);
    this.hidden = !poll;
    if (!poll) return nothing;
    const tally = this.live?.tallies[poll.id];
    return html`<section class="hub-poll" aria-labelledby="poll-${poll.id}"><p class="badge badge--${takesAnswers(poll) ? 'published' : 'offline'}">${t(`poll.status.${poll.status}`)}</p>
      <h2 class="poll__question" dir="auto" lang=${poll.language || nothing} id="poll-${poll.id}">${typeset(poll.question, poll.language)}</h2>
      ${takesAnswers(poll) && !this.live?.session.removed ? this.#form(poll) : nothing}
      ${poll.shown ? results(poll, tally) : html`<p class="small quiet">${answeredWords(tally)} · ${t('poll.hidden')}</p>`}</section>`;
  }

  /** @param {Poll} poll */
  #form(poll) {
    if (!COUNTABLE.includes(poll.kind)) return html`<p class="small">${t('hub.poll.phones')}</p>`;
    if (!this.people) return nothing;
    const { counts, waits } = answerOf(this.waiting, this.live, poll.id);
    const raised = Object.values(counts).reduce((sum, hands) => sum + hands, 0);
    return html`<p class="small quiet">${howTo(poll)}</p><ul class="plain hub-options">${choicesOf(poll).map(({ id, text }) => html`<li class="hub-option">
        <span class="hub-option__text" dir="auto" lang=${poll.language || nothing}>${typeset(text, poll.language)}${ends(poll, id)}</span>
        ${counter({ id: `o-${poll.id}-${id}`, label: `${t('hub.poll.hands')} ${text}`, value: counts[id] ?? 0, most: mostHands(poll, counts, this.people, id), change: (hands) => this.count(poll.id, { ...counts, [id]: hands }) })}</li>`)}</ul>
      <p class="small quiet" role="status">${waits ? t('hub.waits') : `${tn('hub.hands', raised)} ${t('hub.of', { n: this.people })}`}</p>`;
  }
}

define('tablee-hub-poll', HubPoll);
