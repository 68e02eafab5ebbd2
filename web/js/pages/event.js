// The event page: the reader's own hours, "now" that moves by itself, and a programme that is another one meanwhile.
// What must not be here: how either is done.

import { MomentWatch } from '../net/moment.js';
import { addOwnHours } from '../ui/hours.js';
import { showMoment } from '../ui/moment.js';
import { showWhole } from '../ui/whole_page.js';

const lang = document.documentElement.lang;

const { version = '', asOf = '' } = /** @type {HTMLElement} */ (document.querySelector('.programme')).dataset;
let known = Number(version);

const watch = new MomentWatch({
  fetch: (path) => fetch(path),
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer),
  random: Math.random,
  clock: () => performance.now(),
  hidden: () => document.hidden,
  known: asOf,
  changed: refresh,
});

/** What is kept on the way is asked whether it is still right: something has just changed. @param {string} path */
async function read(path) {
  const answer = await fetch(`${path}?lang=${encodeURIComponent(lang)}`, { cache: 'no-cache' });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

/** @param {number} programme */
async function refresh(programme) {
  if (programme === known) return showMoment(await read('/moment'), document);
  showWhole(await read(location.pathname), document);
  known = programme;
}

addOwnHours(document);
document.addEventListener('visibilitychange', () => watch.turn());
watch.start();
