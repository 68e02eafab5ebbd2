// The line under the picture: what it is doing and costs, and what can be pressed. What must not be here: what a press does (player.js).

import { html, nothing } from 'lit';
import { icon } from './icon.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../net/source.js').Quality} Quality */
/** @typedef {import('./player.js').Player} Player */

/** @type {Quality[]} */
export const QUALITIES = ['auto', 'low', 'audio'];
/** Later than this behind the source, the way back to it is offered, in s. */
const BEHIND = 8;
/** The volume goes in steps of. */
const STEP = 0.05;
/** What a key does while the player has the keyboard. @type {Record<string, 'toggle'|'sound'|'float'|'full'|'past'>} */
export const KEYS = { p: 'toggle', s: 'sound', i: 'float', f: 'full', b: 'past' };

/** @param {Player} player */
export function bar(player) {
  const { video } = player;
  return html`<div class="player__bar">
    <p class="player__status small num">${status(player)}</p>
    <div class="player__controls">
      ${player.past ? button(player, 'past', 'past', 'undo') : nothing}
      ${button(player, 'toggle', video?.paused ? 'play' : 'pause')}
      ${video?.muted ? button(player, 'sound', 'unmute', 'muted') : button(player, 'sound', 'mute', 'sound')}
      ${volume(player)}
      <label class="player__quality small">${icon('levels')}<span class="visually-hidden">${t('player.quality')}</span>
        <select class="field__input" @change=${player.choose}>${QUALITIES.map((quality) => html`<option value=${quality} ?selected=${quality === player.quality}>
          ${t(`player.quality.${quality}`)}</option>`)}</select></label>
      ${player.soundOnly || !document.pictureInPictureEnabled ? nothing : button(player, 'float', player.floats ? 'back' : 'float', 'float')}
      ${player.soundOnly || !document.fullscreenEnabled ? nothing : button(player, 'full', 'full', 'expand')}
    </div>
  </div>`;
}

/** A drawing with its name and its key for ears and for whoever rests on it; what is not as it should be says it in words.
 * @param {Player} player @param {'toggle'|'sound'|'float'|'full'|'past'} act @param {string} word @param {string} [drawn] */
function button(player, act, word, drawn = word) {
  const key = Object.keys(KEYS).find((one) => KEYS[one] === act)?.toUpperCase() ?? '';
  const name = t(`player.${word}`);
  const loud = word === 'unmute' || word === 'back';
  return html`<button type="button" class="button button--small player__${act} ${word === 'unmute' ? 'button--primary' : 'button--quiet'}" title=${t('player.key', { name, key })}
    aria-label=${loud ? nothing : name} aria-keyshortcuts=${key} @click=${() => player.act(act)}>
    ${icon(drawn)}${loud ? html`<span class="player__word">${name}</span>` : nothing}</button>`;
}

/** The room or whoever interprets, while somebody does. @param {Player} player */
export function sounds(player) {
  const { interpreted, translated } = player;
  if (!interpreted && !translated) return nothing;
  const one = (/** @type {boolean} */ own, /** @type {string} */ word) => html`<button type="button" class="button button--small" aria-pressed=${translated === own ? 'true' : 'false'} @click=${() => player.hear(own)}>${t(word)}</button>`;
  return html`<div class="player__sounds small" role="group" aria-label=${t('player.sounds')}><span aria-hidden="true">${t('player.sounds')}</span>${one(false, 'player.room')}${one(true, 'player.interpreted')}</div>`;
}

/** Nothing where the device alone sets its volume. @param {Player} player */
function volume(player) {
  if (!player.setsVolume) return nothing;
  const loud = player.video?.muted ? 0 : (player.video?.volume ?? 1);
  return html`<input type="range" class="player__volume" min="0" max="1" step=${STEP} .value=${String(loud)} aria-label=${t('player.volume')}
    aria-valuetext=${t('player.percent', { n: Math.round(loud * 100) })} @input=${player.turn}>`;
}

/** @param {Player} player */
function status(player) {
  if (player.state !== 'playing') return html`<span class="badge badge--waiting">${t(`player.short.${player.state}`)}</span>`;
  const { playback, stream } = player;
  const latency = playback?.latency() ?? null;
  const lines = playback?.lines() ?? null;
  const fallback = stream?.state === 'fallback';
  const rehearsal = stream?.origin === 'generated'; // a test card is nothing anybody could miss
  const words = stream?.reason === 'closed_session' ? 'closed_session' : rehearsal ? 'rehearsal' : fallback ? 'fallback' : 'live';
  const brief = words === 'live' ? nothing : t(`player.brief.${words}`);
  return html`<span class="badge ${fallback || rehearsal ? 'badge--waiting' : 'badge--live'}" data-brief=${brief}><span class="player__words">${t(`player.${words}`)}</span></span>
    ${latency !== null && latency > BEHIND ? html`<button type="button" class="button button--small button--quiet player__catch-up" @click=${() => playback?.catchUp()}>
      ${icon('forward')}<span class="player__word">${t('player.catch_up')}</span></button>` : nothing}
    ${latency === null ? nothing : html`<span><span class="player__word">${tn('player.behind', Math.round(latency))}</span><span class="player__brief" aria-hidden="true">${t('player.behind.brief', { n: Math.round(latency) })}</span></span>`}
    ${!player.soundOnly && lines ? html`<span>${lines}p</span>` : nothing}
    <span>${t('player.weight', { mb: Number((player.bytes / 1e6).toFixed(player.bytes < 1e7 ? 1 : 0)) })}</span>`;
}
