// The moderators' page: the desk, the floor, who is there; also of a session that the programme has no more.

import { changeFloor } from '../net/commands.js';
import '../ui/colleagues.js';
import '../ui/desk.js';
import '../ui/floor.js';
import '../ui/house.js';
import '../ui/connection_state.js';
import '../ui/note_desk.js';
import '../ui/picker.js';
import '../ui/poll_desk.js';
import '../ui/ring.js';
import '../ui/screens.js';
import { following } from './following.js';
import { element, follow, start } from './start.js';

const session = await start('moderator');
const desk = element('tablee-desk');
const colleagues = element('tablee-colleagues');
const floor = element('tablee-floor');
const connection = element('tablee-connection');
const ring = element('tablee-ring');
const picker = element('tablee-picker');
const showDay = following(session, 'moderate');
desk.session = session;
const polls = Object.assign(/** @type {any} */ (document.createElement('tablee-poll-desk')), { session });
const house = Object.assign(/** @type {any} */ (document.createElement('tablee-house')), { session });
const tools = Object.assign(document.createElement('div'), { className: 'desk-tools' });
const notes = Object.assign(/** @type {any} */ (document.createElement('tablee-note-desk')), { session });
const screens = Object.assign(/** @type {any} */ (document.createElement('tablee-screens')), { session });
tools.append(polls, notes, house, screens);
desk.addEventListener('screens', () => screens.turn());
desk.before(tools);
floor.change = async (/** @type {import('../ui/floor.js').Wish} */ state) => {
  if (session.live) session.learn('floor', await changeFloor(session.api, session.session, session.live.floor, state));
};

/** Removed sessions in which something was asked are read again at most this often, in ms. */
const AGAIN = 5_000;
let last = -AGAIN;
let planned = 0;
/** @type {unknown} */
let known = null;

async function lookForRemoved() {
  clearTimeout(planned);
  const wait = last + AGAIN - performance.now();
  if (wait > 0) {
    planned = window.setTimeout(lookForRemoved, wait);
    return;
  }
  last = performance.now();
  try {
    picker.removed = (await session.api.get('/api/qa/sessions')).removed;
  } catch {
    // the list stays as it was; that the line is down is said elsewhere
  }
}

picker.addEventListener('look', lookForRemoved);

follow(session, () => {
  desk.live = session.live;
  colleagues.live = session.live;
  colleagues.me = session.pass?.person.name ?? '';
  screens.live = session.live;
  polls.live = session.live;
  house.live = session.live;
  notes.live = session.live;
  connection.state = session.connection;
  connection.refusal = session.refusal;
  floor.floor = session.live?.floor ?? null;
  floor.removed = session.live?.session.removed ?? false;
  if (known !== (session.live?.session ?? null)) lookForRemoved();
  known = session.live?.session ?? null;
  ring.presence = session.live?.presence ?? null;
  showDay();
});
