// One stage for the operator, in words that never contradict each other: what viewers get, why it is that, what is wrong with it.
// What must not be here: keys (streams.js), polling, requests.

import { html, nothing, svg } from 'lit';
import { clock, t, tn } from '../i18n.js';

/**
 * @typedef {object} Stage
 * @property {string} id
 * @property {string} name
 * @property {string} origin
 * @property {string|null} reason
 * @property {string} since
 * @property {number} fps
 * @property {number} viewers
 * @property {number} restarts
 * @property {number} slates
 * @property {{mark: string, cause: string, troubles: string[]}} on_air
 * @property {{at: string, peak: number, level: number}|null} preview
 * @property {{bitrate: number}[]} renditions
 * @property {{peer: string, pace: number|null, loss: number|null, keyframe_seconds: number|null}|null} ingest
 * @property {Refusal|null} refusal
 * @property {number|null} leaves_in  Seconds until whoever sends to a stage that left the programme is cut off.
 */
/** @typedef {{at: string, peer: string, code: string, detail: string}} Refusal */

/** The quietest that the meter shows, in dBFS. */
const FLOOR = -60;
/** Peaks in dBFS: under the first there is silence, under the second too little, over the third too much. */
const SILENCE = -60;
const QUIET = -30;
const LOUD = -1;

/** What is on the air, in a word; what stands in is told apart by the shape of its mark, not by red. @param {Stage} stage */
export function airBadge({ on_air: { mark, cause } }) {
  const words = cause === 'closed_session' ? 'stream.reason.closed_session' : `stream.mark.${mark}`;
  return html`<span class="badge badge--${mark === 'live' ? 'live' : 'waiting'}">${t(words)}</span>`;
}

/** @param {Stage} stage */
export function stageFacts(stage) {
  const { on_air: air, refusal } = stage;
  return html`${airBadge(stage)}
    ${typeof stage.leaves_in === 'number' ? html`<p class="note note--error small num">${tn('stream.leaves', Math.round(stage.leaves_in))}</p>` : nothing}
    <div class="stream__seen">
      <canvas width="320" height="180" role="img" data-picture=${stage.id} ?hidden=${!stage.preview}
        aria-label=${stage.preview ? t('stream.picture', { time: clock(stage.preview.at) }) : ''}></canvas>
      ${stage.preview ? nothing : html`<p class="stream__none small quiet">${t('stream.picture.none')}</p>`}
      ${soundLevel(stage.preview)}
    </div>
    <p><strong>${t(`stream.origin.${stage.origin}`)}</strong> · ${t('stream.since', { time: clock(stage.since) })}<br>${t(stage.origin === 'pull' && air.cause === 'sending' ? 'stream.air.fetched' : `stream.air.${air.cause}`)}</p>
    <div role="status">${air.troubles.length ? html`<ul class="plain stream__troubles small">${air.troubles.map((trouble) => html`<li>${troubleWords(trouble, stage)}</li>`)}</ul>` : nothing}</div>
    ${refusal ? html`<p class="small stream__refused">${t('stream.refused', { time: clock(refusal.at), peer: refusal.peer, detail: refusal.detail })}</p>` : nothing}
    <p class="small quiet num">${figures(stage)}</p>`;
}

/** @param {string} trouble @param {Stage} stage */
function troubleWords(trouble, { ingest }) {
  return t(`stream.trouble.${trouble}`, { pace: ingest?.pace ?? 0, keys: Math.round(ingest?.keyframe_seconds ?? 0), loss: Math.round((ingest?.loss ?? 0) * 100) });
}

/** @param {{peak: number}|null} preview */
function soundLevel(preview) {
  if (!preview) return html`<p class="small quiet">${t('stream.sound.none')}</p>`;
  const { peak } = preview;
  const word = peak < SILENCE ? 'silence' : peak < QUIET ? 'quiet' : peak > LOUD ? 'loud' : 'good';
  const value = t('stream.sound.value', { word: t(`stream.sound.${word}`), n: String(Math.round(peak)).replace('-', '\u2212') });
  const shown = Math.min(0, Math.max(FLOOR, peak));
  return html`<div class="stream__sound small">
    <svg class="level level--${word}" viewBox="0 0 60 4" preserveAspectRatio="none" role="meter" aria-label=${t('stream.sound')} aria-valuemin=${FLOOR} aria-valuemax="0" aria-valuenow=${shown} aria-valuetext=${value}>
      ${svg`<rect class="level__all" width="60" height="4"></rect><rect class="level__now" width=${shown - FLOOR} height="4"></rect>`}
    </svg>
    <span aria-hidden="true">${t('stream.sound.line', { value })}</span></div>`;
}

/** Zero is a figure too. @param {Stage} stage */
function figures(stage) {
  const parts = [tn('stream.viewers', stage.viewers), t('stream.fps', { n: Math.round(stage.fps) })];
  parts.push(t('stream.bitrate', { n: Math.round((stage.renditions[0]?.bitrate ?? 0) / 1000) }));
  if (stage.ingest) parts.push(stage.ingest.peer);
  if (stage.ingest?.pace != null) parts.push(t('stream.pace', { n: stage.ingest.pace }));
  parts.push(tn('stream.restarts', stage.restarts), tn('stream.slates', stage.slates));
  return parts.join(' · ');
}
