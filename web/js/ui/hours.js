// The reader's own hours beside those of the programme, where their clock shows another time than the event's.
// What must not be here: words (the page brings them), which hours there are.

/** How the page writes hours: `zone` of the event, `hour` a pattern of H and mm, `same` and `other` the words around the reader's hour. */
/** @typedef {{zone: string, hour: string, same: string, other: string}} Clock */

/** @param {ParentNode} root @param {string} [own]  The reader's zone; the browser's by default. */
export function addOwnHours(root, own = Intl.DateTimeFormat().resolvedOptions().timeZone) {
  const clock = /** @type {Clock|undefined} */ (document.getElementById('the_hours')?.dataset);
  if (!clock) return;
  for (const one of /** @type {NodeListOf<HTMLTimeElement>} */ (root.querySelectorAll('time[data-hour]:not([data-own])'))) {
    one.dataset.own = '';
    const words = ownHour(one.dateTime, clock, own, document.documentElement.lang);
    if (!words) continue;
    const hours = one.closest('[data-hours]');
    if (hours) hours.append(element(words));
    else one.after(element(words));
  }
}

/**
 * The words for an instant on the reader's clock; empty where both clocks show the same, or where it is no instant.
 * @param {string} instant @param {Clock} clock @param {string} own @param {string} lang
 */
export function ownHour(instant, clock, own, lang) {
  const at = Date.parse(instant);
  if (!instant.includes('T') || Number.isNaN(at)) return '';
  const here = parts(at, own, lang);
  const there = parts(at, clock.zone, lang);
  if (here.day === there.day && here.h === there.h && here.mm === there.mm) return '';
  const words = here.day === there.day ? clock.same : clock.other;
  return words.replace('{hour}', spelled(here, clock.hour)).replace('{day}', here.weekday);
}

/** @param {number} at @param {string} timeZone @param {string} lang */
function parts(at, timeZone, lang) {
  const exact = new Intl.DateTimeFormat('en-GB', { timeZone, day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const found = Object.fromEntries(exact.formatToParts(at).map((part) => [part.type, part.value]));
  const weekday = new Intl.DateTimeFormat(lang, { timeZone, weekday: 'short' }).format(at);
  return { day: `${found.month}-${found.day}`, h: Number(found.hour), mm: found.minute ?? '00', weekday };
}

/** A pattern of UTS 35 with H, mm and quoted letters: `H' h 'mm`. @param {{h: number, mm: string}} at @param {string} pattern */
function spelled(at, pattern) {
  return pattern.replace(/'([^']*)'|H+|mm/g, (sign, quoted) => quoted ?? (sign === 'mm' ? at.mm : String(at.h).padStart(sign.length, '0')));
}

/** @param {string} words */
function element(words) {
  const found = document.createElement('span');
  found.className = 'own-hour';
  found.dir = document.documentElement.dir;
  found.textContent = words;
  return found;
}
