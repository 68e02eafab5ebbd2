// What watch, room and moderate do as the day goes: title, hours and people of their session, the way on from it, the list of the others.
// What must not be here: questions, the picture.

import { Day } from '../net/day.js';
import { factsOf } from '../state/facts.js';
import '../ui/picker.js';
import '../ui/session_head.js';
import '../ui/table_people.js';
import '../ui/way_on.js';
import { callPage, element } from './start.js';

/** The other sessions are read again at most this often, in ms. */
const AGAIN = 5_000;

/**
 * @param {import('../net/live.js').LiveSession} session
 * @param {'watch'|'room'|'moderate'} page
 * @returns {() => void}  Shows the facts of the session as they are now.
 */
export function following(session, page) {
  const [head, way, picker] = ['tablee-session', 'tablee-way', 'tablee-picker'].map(element);
  const people = document.querySelector('tablee-people');
  picker.session = session.session;
  const look = others((sessions, moment) => {
    const there = page === 'watch' ? sessions : sessions.filter((one) => one.questions || one.id === session.session);
    Object.assign(picker, { sessions: there, moment });
    head.room = sessions.find(({ id }) => id === session.session)?.room?.name ?? '';
  });
  picker.addEventListener('look', look);
  /** @type {import('../state/facts.js').Facts|null} */
  let known = null;
  return () => {
    const facts = factsOf(session.live);
    way.quiet = page === 'moderate' || session.live?.floor.state === 'open'; // it goes on, whatever the clock says
    if (!facts || facts === known) return;
    known = facts;
    for (const one of [head, way, people]) if (one) Object.assign(one, { facts });
    callPage(page, facts.title);
    look();
  };
}

/**
 * Reads the sessions there are and those that are on, when asked and not too often.
 * @param {(sessions: import('../state/choices.js').Choice[], moment: import('../net/day.js').Moment) => void} show
 */
function others(show) {
  const day = new Day();
  let last = 0;
  let planned = 0;
  const look = async () => {
    clearTimeout(planned);
    const wait = last + AGAIN - Date.now();
    if (wait > 0) {
      planned = window.setTimeout(look, wait);
      return;
    }
    last = Date.now();
    if (await day.look() && day.moment) show(day.sessions, day.moment);
  };
  document.addEventListener('visibilitychange', () => document.hidden || look());
  return look;
}
