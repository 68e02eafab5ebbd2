// Those at the table on the studio's page: each with picture, level, line, and what can be done. Templates only.
// What must not be here: calls (studio_table.js), what a press does.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { connected, interprets, listed, pictured, quality, speaks } from '../state/seats.js';
import { SIGNING } from '../state/layouts.js';
import { icon } from './icon.js';
import { languageName } from './studio_parts.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('./studio.js').Studio} Studio */
/** @typedef {import('../state/types.js').Seat} Seat */

/** What a state is marked by (badges.css). @type {Record<string, string>} */
export const SEAT_MARKS = { on_air: 'live', ready: 'published', lost: 'refused', checking: 'waiting', invited: 'waiting', expired: 'quiet' };

/** @param {Studio} studio */
export function seatList(studio) {
  const seats = listed(studio.live?.seats);
  const { table } = studio;
  if (table.elsewhere) {
    return html`<section class="stack stack--tight"><p class="note" role="alert">${t('studio.elsewhere')}</p>
      <div><button type="button" class="button" @click=${() => table.takeOver()}>${t('studio.take_over')}</button></div></section>`;
  }
  return html`<section class="stack stack--tight" aria-labelledby="studio-table"><h2 class="subtitle" id="studio-table">${tn('studio.table', seats.filter(connected).length)}</h2>
    ${seats.length ? nothing : html`<p class="small quiet">${t('studio.table.none')}</p>`}
    ${studio.sound?.asleep && seats.length ? html`<div><button type="button" class="button button--primary" @click=${() => studio.sound?.wake().then(() => studio.requestUpdate())}>${t('studio.wake')}</button></div>` : nothing}
    <ul class="plain studio__seats">${repeat(seats, ({ id }) => id, (seat) => one(studio, seat))}</ul>
    ${!studio.interpreted && studio.outgoing.on && seats.some((seat) => interprets(seat) && seat.state === 'on_air') ? html`<p class="note small" role="alert">${t('studio.interpreted.nobody')}</p>` : nothing}
    <div class="studio__acts">${seats.length ? html`<button type="button" class="button button--small" aria-pressed=${table.hushed ? 'true' : 'false'} @click=${() => studio.hush()}>${icon('muted')} ${t('studio.hush')} <kbd>X</kbd></button>
      <button type="button" class="button button--small" aria-pressed=${studio.aloud ? 'true' : 'false'} @click=${() => studio.speak(!studio.aloud)}>${icon('sound')} ${t('studio.aloud')}</button>` : nothing}
      <button type="button" class="button button--small" aria-pressed=${studio.projector.open ? 'true' : 'false'} @click=${() => studio.project()}>${icon('remote')} ${t('studio.projector')}</button></div></section>`;
}

/** @param {Studio} studio @param {Seat} seat */
function one(studio, seat) {
  const { table } = studio;
  const stream = table.stream(seat.id);
  const name = seat.name || t('hand.nameless');
  const call = table.calls.get(seat.id);
  return html`<li class="studio__seat studio__seat--${seat.state}" data-seat=${seat.id}>
    ${connected(seat) && pictured(seat) ? html`<video class="studio__preview" muted playsinline autoplay aria-label=${t('studio.preview', { name })} .srcObject=${stream}></video>` : html`<p class="studio__preview studio__preview--voice small">${t(connected(seat) ? 'studio.voice' : `seats.state.${seat.state}`)}</p>`}
    <div class="studio__who"><p><strong dir="auto">${name}</strong>${seat.title ? html` <span class="small quiet">${seat.title}</span>` : nothing}${speaks(seat) ? nothing : html` <span class="small quiet">${role(studio, seat)}</span>`}</p>
      <p class="small"><span class="badge badge--${SEAT_MARKS[seat.state] ?? 'quiet'}">${t(`seats.state.${seat.state}`)}</span> <span class="quiet">${call ? t(`studio.line.${call.connected ? quality(call.line) : 'calling'}`, { ms: call.line.roundTrip }) : nothing}</span></p>
      ${connected(seat) ? html`<svg class="level" viewBox="0 0 60 4" preserveAspectRatio="none" role="img" aria-label=${t('studio.level', { name })}><rect class="level__all" width="60" height="4"></rect><rect class="level__now" width="0" height="4"></rect></svg>` : nothing}
    </div><div class="studio__acts studio__acts--one">${acts(studio, seat, name)}</div></li>`;
}

/** What somebody is there for who does not speak for themselves. @param {Studio} studio @param {Seat} seat */
function role({ interpreted }, seat) {
  return interprets(seat) && interpreted ? t('studio.interprets', { language: languageName(interpreted) }) : t(`studio.links.kind.${seat.kind}`);
}

/** @param {Studio} studio @param {Seat} seat @param {string} name */
function acts(studio, seat, name) {
  const { table } = studio;
  const button = (/** @type {import('../net/table.js').SeatStep} */ step, kind = '', details = {}) => html`<button type="button" class="button button--small ${kind}" aria-label=${t('seats.act.whose', { act: t(`seats.act.${step}`), name })}
    @click=${() => table.move(seat, step, details)}>${t(`seats.act.${step}`)}</button>`;
  return html`${seat.state === 'ready' ? button('take', 'button--primary') : nothing}${seat.state === 'on_air' ? button('off_air') : nothing}
    ${connected(seat) && seat.kind === 'signer' ? html`<input class="studio__volume" type="range" min=${SIGNING.least} max=${SIGNING.most} step="0.05" .value=${String(table.signing)} aria-label=${t('studio.signing')} title=${t('studio.signing')} @input=${(/** @type {Event} */ event) => table.enlarge(Number(/** @type {HTMLInputElement} */ (event.target).value))}>` : nothing}
    ${connected(seat) && seat.kind !== 'signer' ? html`<button type="button" class="button button--small" aria-pressed=${seat.muted ? 'true' : 'false'} aria-label=${t('seats.act.whose', { act: t('seats.act.mute'), name })}
      @click=${() => table.move(seat, 'mute', { muted: !seat.muted })}>${icon(seat.muted ? 'muted' : 'sound')}</button>
      <input class="studio__volume" type="range" min="0" max="2" step="0.05" .value=${String(table.volumes.get(seat.id) ?? 1)} aria-label=${t('studio.volume', { name })} @input=${(/** @type {Event} */ event) => table.turn(seat.id, Number(/** @type {HTMLInputElement} */ (event.target).value))}>` : nothing}
    ${seat.state === 'expired' ? button('renew') : nothing}${seat.state === 'expired' ? nothing : button('remove', 'button--danger')}`;
}
