// Back in the session: what is recorded of it, shown in place of the live picture when somebody asks, or when the session is over.
// What must not be here: the live picture (watch.js), playing.

import '../ui/replay.js';
import { chapters } from '../state/chapters.js';
import { factsOf } from '../state/facts.js';
import { element } from './start.js';

/** @typedef {{url: string|null, growing: boolean, seconds: number, spans: import('../state/chapters.js').Span[]}} Recording */

/** ms between two looks while the session is on: there is a recording some seconds after it began, and it grows. */
const EVERY = 20_000;
/** ms over which pages spread the look that a change of the day brings about. */
const SPREAD = 4_000;

/** @param {import('../net/live.js').LiveSession} session @param {any} player @returns {() => boolean}  Shows it as it is now; whether it is shown. */
export function goingBack(session, player) {
  const again = element('tablee-again');
  again.renew = () => session.passes.renew();
  /** @type {Recording} */
  let recording = { url: null, growing: false, seconds: 0, spans: [] };
  let shown = false;
  /** Whether the keyboard is to follow to what is shown now. */
  let turned = false;
  let known = '';

  async function look() {
    recording = await session.api.get(`/api/streaming/sessions/${encodeURIComponent(session.session)}/replay`).catch(() => recording);
    if (known === 'over' && recording.growing) setTimeout(look, SPREAD); // its last seconds are being written
    session.changed();
  }

  /** @param {boolean} whether @param {boolean} plays  At once, because somebody asked for it. */
  function show(whether, plays) {
    turned = whether === plays;
    shown = whether;
    again.plays = plays;
    session.changed();
  }

  player.addEventListener('past', () => show(true, true));
  again.addEventListener('live', () => show(false, false));
  setInterval(() => known === 'on' && (!recording.url || shown) && look(), EVERY);

  /** What is over when the page comes is shown from its recording; who has it live keeps the live picture. @param {string} progress */
  function follow(progress) {
    const before = known;
    known = progress;
    if (!before) look().then(() => known === 'over' && recording.url && show(true, false));
    else setTimeout(look, Math.random() * SPREAD);
  }

  return () => {
    const progress = factsOf(session.live)?.progress ?? '';
    if (progress && progress !== known && session.pass) follow(progress);
    player.past = recording.url !== null;
    again.growing = recording.growing;
    again.seconds = recording.seconds;
    again.chapters = chapters(session.live?.items ?? {}, recording.spans);
    again.url = shown ? recording.url ?? '' : '';
    again.hidden = !again.url;
    if (turned) setTimeout(() => (shown ? again.video : player.querySelector('.player__past'))?.focus());
    turned = false;
    return !again.hidden;
  };
}
