// The event page: the reader's own hours, and "now" that moves by itself.
// What must not be here: how either is done.

import { MomentWatch } from '../net/moment.js';
import { addOwnHours } from '../ui/hours.js';
import { showMoment } from '../ui/moment.js';

const lang = document.documentElement.lang;

const watch = new MomentWatch({
  fetch: (path) => fetch(path),
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer),
  random: Math.random,
  hidden: () => document.hidden,
  changed: refresh,
});

async function refresh() {
  const answer = await fetch(`/moment?lang=${encodeURIComponent(lang)}`);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  showMoment(new DOMParser().parseFromString(await answer.text(), 'text/html'), document);
}

addOwnHours(document);
document.addEventListener('visibilitychange', () => watch.turn());
watch.start();
