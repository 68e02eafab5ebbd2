// Whether this person is asked to the table: then the part of the page that is for it is fetched (parts/seat.js).
// What must not be here: what is shown there.

import { asset } from '../net/assets.js';

/** Until one of these the seat is of no more concern. @type {string[]} */
const OVER = ['declined', 'expired', 'left', 'removed'];

/** Whether this address is a link to the table, as speakers are sent. */
const BY_LINK = new URLSearchParams(location.search).has('table');

/** @param {import('../net/live.js').LiveSession} session @returns {() => void}  Looks again. */
export function atTable(session) {
  let fetched = false;
  return () => {
    const seat = session.live?.my_seat;
    const expected = session.live && BY_LINK;
    if (fetched || (!expected && (!seat || OVER.includes(seat.state)))) return;
    fetched = true;
    import(String(asset('js/parts/seat.js'))).then((part) => part.sit(session)).catch(() => { fetched = false; }); // the line is down: at the next change
  };
}

/** Whether the studio is heard here: then the stage, which is later, is not. */
export const isAway = () => 'table' in document.documentElement.dataset;
