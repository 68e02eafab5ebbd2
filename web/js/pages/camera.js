// This device as the camera of a stage: what is sent, and what viewers get of it. What must not be here: devices (ui/camera.js).

import { html, render } from 'lit';
import { Api } from '../net/api.js';
import { PassKeeper } from '../net/pass.js';
import { why } from '../net/problem.js';
import '../ui/camera.js';
import { stageFacts } from '../ui/stage_card.js';
import { t } from '../i18n.js';
import { element, learnWords } from './start.js';

/** @typedef {import('../ui/stage_card.js').Stage} Stage */

/** ms between two looks at the stage. */
const WATCH = 2_000;

const lang = await learnWords();
const [camera, seen, name] = ['tablee-camera', '[data-seen]', '[data-stage-name]'].map(element);
const send = globalThis.fetch.bind(globalThis);
const api = new Api({ fetch: send, passes: new PassKeeper({ fetch: send }), lang });
let stage = new URLSearchParams(location.search).get('stage') ?? '';

camera.offer = (/** @type {string} */ sdp) => api.offer(`/api/streaming/stages/${encodeURIComponent(stage)}/whip`, sdp);
// also when the page is being left
camera.end = (/** @type {string} */ where) => send(where, { method: 'DELETE', keepalive: true }).catch(() => {});

async function watch() {
  try {
    /** @type {{stages: Stage[]}} */
    const { stages } = await api.get('/api/streaming/stages');
    const here = stages.find(({ id }) => id === stage) ?? (stage ? null : stages[0]);
    stage ||= here?.id ?? '';
    name.textContent = here?.name ?? '';
    render(here ? stageFacts(here) : html`<p class="note note--error">${t('camera.no_stage')}</p>`, seen);
    if (here?.preview) draw(here);
  } catch (failure) {
    render(html`<p class="note note--error">${why(failure)}</p>`, seen);
  }
}

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

watch();
setInterval(watch, WATCH);
