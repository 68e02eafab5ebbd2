// The page of who follows from afar: the stage's picture and sound, the questions, asking.

import '../ui/player.js';
import { askEarly } from '../net/first_list.js';
import { bringPlayer, playlistOf } from '../net/hls_class.js';
import { factsOf, seenAt } from '../state/facts.js';
import { isAway } from './at_table.js';
import { audience } from './audience.js';
import { goingBack } from './going_back.js';
import { element, follow, place, start } from './start.js';

const starting = start('public');
if (place().dataset.stage) bringPlayer(); // by far the heaviest: while the first answers are still on their way
const session = await starting;
const show = audience(session, 'watch');
const player = element('tablee-player');
const showPast = goingBack(session, player);
element('tablee-poll').delay = () => player.playback?.latency() ?? 0; // who sees the end late may answer as much longer
element('tablee-ask').watched = () => seenAt(player.playback?.latency() ?? null, Date.now() + (session.passes.skew ?? 0));
player.renew = () => session.passes.renew();

// On a phone the questions come first: who is at the table is one press away.
if (matchMedia('(min-width: 60rem)').matches) element('.about__more').open = true;

/** Whether the list of what the stage offers is on its way; only who has a pass may read it. */
let asked = false;

/** The questions come before the picture, which is heavier: unless they are late, in ms. */
const FIRST = 3_000;
let late = false;
setTimeout(() => {
  late = true;
  session.changed();
}, FIRST);

/** The picture of the session's own stage; words where it has none. */
function showPicture() {
  const facts = factsOf(session.live);
  const stage = facts ? facts.stage : place().dataset.stage;
  const picture = isAway() ? 'table' : stage ? 'stage' : facts?.removed ? '' : facts?.closed ? 'closed' : 'none';
  /** @type {NodeListOf<HTMLElement>} */
  const places = document.querySelectorAll('[data-picture]');
  if (facts) for (const one of places) one.hidden = one.dataset.picture !== picture;
  const past = showPast();
  if (past) for (const one of places) one.hidden = true;
  if ((stage || past) && session.pass) bringPlayer();
  if (stage && !past && session.pass && !asked) {
    asked = true;
    askEarly(playlistOf(stage));
  }
  player.src = stage && !past && !isAway() && session.pass && (session.live || late) ? playlistOf(stage) : '';
  player.stream = session.live?.stream ?? null;
  player.interpreted = Boolean(session.live?.at_table.some(({ kind }) => kind === 'voice_interpreter'));
}

follow(session, () => {
  showPicture();
  show();
});
