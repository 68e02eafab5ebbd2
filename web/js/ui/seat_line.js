// Who is at the table, for those who lead the session: how each stands, and what one may do about it: take and off air by the chair, seeing off and
// asking again by moderators. What must not be here: the calls (studio), one's own seat (seat.js).

import { html, nothing } from 'lit';
import { why } from '../net/problem.js';
import { moveSeat } from '../net/table.js';
import { listed } from '../state/seats.js';
import { LiveElement, define } from './live_element.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Seat} Seat */
/** @typedef {import('../net/table.js').SeatStep} SeatStep */

/** What a state is marked by (badges.css). @type {Record<string, string>} */
const MARKS = { on_air: 'live', ready: 'published', lost: 'refused', checking: 'waiting', invited: 'waiting', expired: 'quiet' };
/** State → steps; by duty. @type {Record<string, SeatStep[]>} */
const TAKES = { ready: ['take'], on_air: ['off_air'] };
/** @type {Record<string, SeatStep[]>} */
const MANAGES = { expired: ['renew'], invited: ['remove'], checking: ['remove'], ready: ['remove'], on_air: ['remove'], lost: ['remove'] };
/** Duties that may, as the service says (shared/auth/capabilities.py). */
const TAKERS = ['chair', 'operator'];
const MANAGERS = ['moderator', 'operator'];

class SeatLine extends LiveElement {
  static properties = { live: { attribute: false }, words: { state: true }, busy: { state: true } };

  constructor() {
    super();
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    this.words = '';
    /** The seat that is being moved. */
    this.busy = '';
  }

  render() {
    const seats = listed(this.live?.seats);
    if (!seats.length) return nothing;
    return html`<section aria-labelledby="seat-line"><h2 class="kicker" id="seat-line">${tn('seats.title', seats.length)}</h2>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
      ${this.live?.studio ? nothing : html`<p class="small quiet">${t('seats.no_studio')}</p>`}
      <ul class="plain seat-line">${seats.map((seat) => this.#seat(seat))}</ul></section>`;
  }

  /** @param {Seat} seat */
  #seat(seat) {
    const duty = this.session?.pass?.person.duty ?? '';
    const steps = [...(TAKERS.includes(duty) ? (TAKES[seat.state] ?? []) : []), ...(MANAGERS.includes(duty) ? (MANAGES[seat.state] ?? []) : [])];
    const name = seat.name || t('hand.nameless');
    return html`<li class="seat-line__one seat-line__one--${seat.state}"><span><strong dir="auto">${name}</strong> <span class="small quiet">${seat.title || t(`door.${seat.door}`)}</span><br>
        <span class="small badge badge--${MARKS[seat.state] ?? 'quiet'}">${t(`seats.state.${seat.state}`)}</span></span>
      <span class="seat-line__acts">${steps.map((step) => html`<button type="button" class="button ${step === 'take' ? 'button--primary' : step === 'off_air' ? '' : 'button--small'}" ?disabled=${this.busy === seat.id}
        aria-label=${t('seats.act.whose', { act: t(`seats.act.${step}`), name })} @click=${() => this.#move(seat, step)}>${t(`seats.act.${step}`)}</button>`)}</span></li>`;
  }

  /** @param {Seat} seat @param {SeatStep} step */
  async #move(seat, step) {
    const { session } = this;
    if (!session) return;
    this.busy = seat.id;
    try {
      session.learn('seat', await moveSeat(session.api, seat, step));
      this.words = '';
    } catch (failure) {
      this.words = why(failure);
    } finally {
      this.busy = '';
    }
  }
}

define('tablee-seats', SeatLine);
