// The words over the picture while there is none, and the way on from there. What must not be here: what a press does (player.js).

import { html, nothing } from 'lit';
import { t } from '../i18n.js';

/** @typedef {import('./player.js').Player} Player */

/** What a person must press to go on. @type {Partial<Record<import('../net/playback.js').PlaybackState, string>>} */
const PRESSED = { blocked: 'start', paused: 'resume' };

/** @param {Player} player */
export function over(player) {
  const { state } = player;
  if (state === 'playing') return player.soundOnly ? html`<div class="player__over">${alone(player)}</div>` : nothing;
  const word = PRESSED[state];
  if (!word) return html`<p class="player__over">${t(`player.${state}`)}</p>`;
  return html`<p class="player__over"><button type="button" class="button button--primary button--large" @click=${() => player.act('toggle')}>${t(`player.${word}`)}</button></p>`;
}

/** Why there is sound alone, and the way back where that was not one's own choice. @param {Player} player */
function alone(player) {
  if (player.quality === 'audio') return html`<p>${t('player.audio_only')}</p>`;
  return html`<p>${t('player.spared')}</p><p><button type="button" class="button button--small" @click=${() => player.playback?.showPicture()}>${t('player.picture')}</button></p>`;
}
