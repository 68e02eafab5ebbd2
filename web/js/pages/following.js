// What watch, room, moderate and chair do as the day goes: title, hours and people of their session, the way on from it, the list of the others.
// What must not be here: questions, the picture.

import { lookAtOrder } from '../net/running_order.js';
import { choicesOf } from '../state/choices.js';
import { ended, factsOf } from '../state/facts.js';
import { callPage } from '../ui/page_title.js';
import '../ui/session_head.js';
import '../ui/table_people.js';
import '../ui/way_on.js';
import { element, place } from './start.js';

/** The other sessions are read again at most this often, in ms. */
const AGAIN = 5_000;
/** The end of a session sends everybody to the list at once: each page waits up to so long, in ms. */
const SPREAD = 3_000;

/**
 * @param {import('../net/live.js').LiveSession} session
 * @param {'watch'|'room'|'hub'|'moderate'|'chair'} page
 * @returns {() => void}  Shows the facts of the session as they are now.
 */
export function following(session, page) {
  const [head, way, picker] = ['tablee-session', 'tablee-way', 'tablee-picker, tablee-sessions'].map(element);
  const people = document.querySelector('tablee-people');
  /** @type {Record<string, string>} */
  const rooms = JSON.parse(place().dataset.rooms ?? '{}');
  const look = others((slots) => {
    const there = page === 'watch' ? slots : slots.filter((slot) => slot.questions || slot.session === session.session);
    Object.assign(picker, choicesOf(there, rooms));
  });
  const working = page === 'moderate' || page === 'chair';
  way.missing = !working && ![null, session.session].includes(new URLSearchParams(location.search).get('session'));
  picker.session = session.session;
  picker.addEventListener('look', look);
  /** @type {import('../state/facts.js').Facts|null} */
  let known = null;
  return () => {
    const facts = factsOf(session.live);
    way.quiet = working || session.live?.floor.state === 'open'; // it goes on, whatever the clock says
    if (!facts || facts === known) return;
    known = facts;
    for (const one of [head, way, people, picker]) if (one) Object.assign(one, { facts });
    head.room = rooms[facts.room ?? ''] ?? '';
    callPage(page, facts.title);
    if (ended(facts)) setTimeout(look, Math.random() * SPREAD);
  };
}

/**
 * Reads the sessions there are when somebody is about to choose one: on a thin line, not at every step of the day.
 * @param {(slots: import('../state/run_of_show.js').Slot[]) => void} show
 */
function others(show) {
  let last = -AGAIN;
  return async () => {
    if (performance.now() - last < AGAIN) return;
    last = performance.now();
    const order = await lookAtOrder();
    if (order) show(order.slots);
  };
}
