// One's own seat at the table, on watch and room: fetched when there is an invitation, for hardly anybody ever gets one on a given day.
// What must not be here: the page around it.

import { addWords, setLocale } from '../i18n.js';
import { asset } from '../net/assets.js';
import '../ui/seat.js';

/** The sheet comes before what it dresses. @returns {Promise<void>} */
function dressed() {
  return new Promise((done) => {
    const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: String(asset('css/live-seat.css')), onload: done, onerror: done });
    document.head.append(sheet);
  });
}

/**
 * Shows the seat from now on, as the session goes.
 * @param {import('../net/live.js').LiveSession} session
 */
export async function sit(session) {
  const words = setLocale(session.lang).then(() => addWords('studio')); // packed, this part has words of its own
  await Promise.all([words, dressed()]);
  const seat = Object.assign(/** @type {any} */ (document.createElement('tablee-seat')), { session });
  document.body.append(seat);
  const show = () => { seat.live = session.live; };
  session.addEventListener('change', show);
  session.addEventListener('signal', (event) => seat.hear(/** @type {CustomEvent} */ (event).detail));
  show();
}
