// What viewers get of a stage, on the page of whoever sends to it: looked at every two seconds, drawn when it has changed.
// What must not be here: what is sent.

import { html, render } from 'lit';
import { why } from '../net/problem.js';
import { stageFacts } from '../ui/stage_card.js';
import { t } from '../i18n.js';
import { element } from './start.js';

/** @typedef {import('../ui/stage_card.js').Stage} Stage */

/** ms between two looks at the stage. */
const WATCH = 2_000;

/**
 * Fills `[data-seen]` and `[data-stage-name]`.
 * @param {import('../net/api.js').Api} api
 * @param {string} asked  Id of the stage; empty: the first there is.
 * @returns {{stage: string}}  Its id, as soon as it is known.
 */
export function watchStage(api, asked) {
  const [seen, name] = ['[data-seen]', '[data-stage-name]'].map(element);
  const found = { stage: asked };
  let drawn = '';

  /** @param {Stage} one */
  async function draw({ id, preview }) {
    if (!preview || preview.at === drawn) return;
    drawn = preview.at;
    const bitmap = await api.file(`/api/streaming/stages/${encodeURIComponent(id)}/picture`).then(createImageBitmap).catch(() => null);
    const canvas = seen.querySelector('canvas');
    if (bitmap) canvas?.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap?.close();
  }

  async function watch() {
    try {
      /** @type {{stages: Stage[]}} */
      const { stages } = await api.get('/api/streaming/stages');
      const here = stages.find(({ id }) => id === found.stage) ?? (found.stage ? null : stages[0]);
      found.stage ||= here?.id ?? '';
      name.textContent = here?.name ?? '';
      render(here ? stageFacts(here) : html`<p class="note note--error">${t('camera.no_stage')}</p>`, seen);
      if (here?.preview) draw(here);
    } catch (failure) {
      render(html`<p class="note note--error">${why(failure)}</p>`, seen);
    }
  }

  watch();
  setInterval(watch, WATCH);
  return found;
}

/**
 * How a page sends to its stage, and says that it is over.
 * @param {import('../net/api.js').Api} api
 * @param {() => string} stage
 */
export function senderOf(api, stage) {
  return {
    offer: (/** @type {string} */ sdp, interpreted = '') => api.offer(`/api/streaming/stages/${encodeURIComponent(stage())}/whip${interpreted && `?${new URLSearchParams({ interpreted })}`}`, sdp),
    // also when the page is being left
    end: (/** @type {string} */ where) => globalThis.fetch(where, { method: 'DELETE', keepalive: true }).catch(() => {}),
  };
}
