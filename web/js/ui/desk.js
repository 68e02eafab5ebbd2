// The moderation desk: what waits, what is published, what runs, in three columns; keyboard first; every command can be pressed too.
// What must not be here: what a command does (desk_acts.js), keys (desk_hand.js), what stands where (desk_shelves.js), templates (desk_column.js).

import { html } from 'lit';
import { groupOf } from '../state/desk.js';
import { possible } from '../state/possible.js';
import { COLUMNS } from '../state/tables.js';
import { card, left } from './card.js';
import { DeskActs } from './desk_acts.js';
import { DeskClaims } from './desk_claims.js';
import { column, tabs } from './desk_column.js';
import { DeskDrag } from './desk_drag.js';
import { filterRow } from './desk_filters.js';
import { DeskHand } from './desk_hand.js';
import { help } from './desk_help.js';
import { DeskLock } from './desk_lock.js';
import { DeskNews } from './desk_news.js';
import { DeskShelves } from './desk_shelves.js';
import { deskToast } from './desk_toast.js';
import { LiveElement, define } from './live_element.js';
import { t } from '../i18n.js';

/** @typedef {import('../state/tables.js').Column} Column */
/** @typedef {import('../state/desk.js').Group} Group */

class Desk extends LiveElement {
  static properties = { live: { attribute: false }, chosen: { state: true }, tab: { state: true }, unfolded: { state: true } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** @type {string|null} */
    this.chosen = null;
    /** The column that is shown where only one has room. @type {Column} */
    this.tab = 'waiting';
    this.unfolded = false;
    /** @type {DeskActs} */
    this.acts = new DeskActs(this);
    this.claims = new DeskClaims();
    this.news = new DeskNews();
    this.lock = new DeskLock(this, () => this.requestUpdate());
    this.shelves = new DeskShelves({
      items: () => this.live?.items ?? {}, flags: () => this.live?.flags ?? {}, held: (group) => this.lock.held(group), own: (id) => this.acts.decisions.own.has(id), changed: () => this.requestUpdate(),
    });
    /** @type {DeskHand} */
    this.hand = new DeskHand(this);
    this.drag = new DeskDrag(this);
  }

  /** @param {import('../net/live.js').LiveSession} session */
  set session(session) {
    this.acts.decisions.session = session;
    this.claims.api = session.api;
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.hand.key);
  }

  willUpdate() {
    this.shelves.lay(Date.now());
    this.acts.picks.prune();
    this.hand.stay();
    this.claims.follow(this.chosen);
  }

  updated() {
    this.hand.updated();
    this.acts.dialogs.refresh();
    if (this.live) this.news.look(Object.values(this.live.items));
  }

  render() {
    if (!this.live) return html`<p class="quiet">${t('desk.loading')}</p>`;
    return html`<div class="desk__bar">${tabs(this.shelves, this.tab, (name) => this.show(name))}
      ${filterRow(this.shelves, this.unfolded, this)}
      <button type="button" class="button button--small button--quiet desk__help" @click=${help}>${t('desk.help')} <kbd aria-hidden="true">?</kbd></button></div>
      <div class="desk ${this.acts.picks.ids.size ? 'desk--picking' : ''}">${COLUMNS.map((name) => column(name, name === this.tab, this.shelves, (id, group) => this.card(id, group)))}</div>
      ${this.acts.picks.bar()}${deskToast(this.acts.decisions.toast, () => this.acts.undo())}`;
  }

  /** @param {string|null} id @param {string} meaning @returns {Promise<void>} */
  act(id, meaning) {
    return this.acts.act(id, meaning);
  }

  /** @param {string} id @param {Group} group */
  card(id, group) {
    const item = this.live?.items[id];
    if (!item || groupOf(item) !== group) return item ? left(item) : '';
    const { decisions, picks } = this.acts;
    const { claim } = item;
    return card(item, {
      merged: this.shelves.merged.get(id) ?? [], goal: this.live?.items[item.merged_into ?? '']?.text ?? '', officer: this.officer, muted: id in (this.live?.muted ?? {}), flags: this.live?.flags?.[id] ?? [],
      draggable: ['merge', 'shortlist'].some((command) => possible(item, command, this.removed)),
      removed: this.removed, chosen: id === this.chosen, others: id === this.chosen ? this.#others(item) : 0, reached: id === (this.chosen ?? this.first), busy: decisions.busy.has(id),
      picked: picks.ids.has(id), pickable: picks.may(item), reader: claim && id !== this.claims.mine && Date.parse(claim.until) > Date.now() ? claim.by || t('card.reader.nameless') : '',
    });
  }

  /** How many more its author asked in the session; of who gave no name nobody knows. @param {import('../state/types.js').Item} item */
  #others({ id, author_id: author }) {
    return author ? Object.values(this.live?.items ?? {}).filter((one) => one.author_id === author && one.id !== id).length : 0;
  }

  /** Where Tab leads while no question is chosen. */
  get first() {
    return Object.values(this.hand.columns).flat()[0] ?? null;
  }

  /** Whether the programme has the session no more. */
  get removed() {
    return this.live?.session.removed ?? false;
  }

  /** Whether anybody's question may be erased. */
  get officer() {
    return this.acts.decisions.session?.pass?.person.duty === 'operator';
  }

  /** @param {import('../state/types.js').Item} item @param {string} command @param {Record<string, unknown>} more */
  drop(item, command, more) {
    return this.acts.drop(item, command, more);
  }

  get sounding() {
    return this.news.sounding;
  }

  sound() {
    this.news.toggle();
    this.requestUpdate();
  }

  unfold() {
    this.unfolded = !this.unfolded;
  }

  /** @param {Column} name */
  show(name) {
    this.tab = name;
    if (this.getBoundingClientRect().top < 0) this.scrollIntoView({ block: 'start' });
  }
}

define('tablee-desk', Desk);
