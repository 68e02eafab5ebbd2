// Short polite sentences for screen readers. What must not be here: what to say.

/** Two announcements closer than this would hide each other, in ms. */
const APART = 700;
/** Announcements that wait; older ones give way: only what is true now is worth hearing. */
const MOST = 3;

/** @type {string[]} */
const waiting = [];
/** @type {HTMLElement|null} */
let region = null;
let busy = false;

/** @param {string} sentence */
export function announce(sentence) {
  if (!sentence) return;
  waiting.push(sentence);
  if (waiting.length > MOST) waiting.shift();
  if (!busy) speakNext();
}

function speakNext() {
  const sentence = waiting.shift();
  busy = sentence !== undefined;
  if (sentence === undefined) return;
  place().textContent = sentence;
  setTimeout(speakNext, APART);
}

function place() {
  if (!region) {
    region = document.createElement('div');
    region.className = 'visually-hidden';
    region.setAttribute('role', 'status');
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  return region;
}
