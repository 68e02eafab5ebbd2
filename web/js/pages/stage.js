// The screen in the room. It follows its stage: when the next session begins there, the screen goes over to it by itself.
// `?transparent=1` leaves the ground out, for a picture below it (a browser source of a video mixer).
// `?stage=` names the stage; `?session=` follows that session's stage, unless `&pin` keeps it to that one session.

import { Day } from '../net/day.js';
import { HallCode } from '../net/hall_code.js';
import { factsOf, first, followed } from '../state/facts.js';
import '../ui/ring.js';
import '../ui/screen.js';
import { callPage } from '../ui/page_title.js';
import { element, follow, start } from './start.js';

/** The stage is looked for again after this long, in ms, until it has a session. */
const AGAIN = 10_000;

const asked = new URLSearchParams(location.search);
const stage = asked.get('stage');
document.documentElement.toggleAttribute('data-transparent', asked.get('transparent') === '1');
const session = await start('display');
const screen = element('tablee-screen');
const hall = new HallCode(session.api, show);

function show() {
  const facts = factsOf(session.live);
  screen.facts = facts;
  screen.live = session.live;
  screen.session = facts?.id ?? session.session;
  screen.connection = session.connection;
  screen.refusal = session.refusal;
  hall.follow(facts?.id ?? '', facts?.progress ?? '');
  screen.code = hall.code;
  callPage('stage', facts?.title ?? '');
  if (!facts || asked.has('pin')) return;
  const next = followed(facts, Boolean(screen.asked()));
  if (next !== session.session) session.moveTo(next);
}

/** Where a stage named in the address stands now; again and again while nothing is planned on it. @param {string} name */
async function find(name) {
  const day = new Day();
  if (await day.look()) {
    const found = first(name, day.sessions, day.moment?.stages ?? {});
    screen.nothing = found === null;
    if (found !== null) {
      session.moveTo(found);
      return follow(session, show);
    }
  }
  return void setTimeout(() => find(name), AGAIN);
}

if (stage === null) follow(session, show);
else await find(stage);
