// Moves the marks of an open event page: what is on, next, over, moved, cancelled. The server says it in words; nothing here has any.
// What must not be here: when to ask (net/moment.js).

import { addOwnHours } from './hours.js';

/** Parts that say something of the reader, which the server does not tell all alike: an open page only opens and closes them. */
const OWN = new Set(['register', 'doors']);

/** Puts what the server says now in place of what the page shows. Where somebody stands in it with the keyboard, it waits until they left.
 * @param {Document|DocumentFragment} fresh @param {Document} page */
export function showMoment(fresh, page) {
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (fresh.querySelectorAll('[data-standing]'))) standing(one, page);
  for (const next of /** @type {NodeListOf<HTMLElement>} */ (fresh.querySelectorAll('[data-part]'))) {
    const shown = /** @type {HTMLElement|null} */ (page.querySelector(`[data-part="${CSS.escape(next.dataset.part ?? '')}"]`));
    if (shown && differs(shown, next)) whenLeft(shown, () => replace(shown, next));
  }
}

/** @param {HTMLElement} shown @param {HTMLElement} fresh */
function differs(shown, fresh) {
  return !OWN.has(fresh.dataset.part ?? '') || doorsOf(shown) !== doorsOf(fresh);
}

/** @param {HTMLElement} part */
function doorsOf(part) {
  return [...part.querySelectorAll('.door, .opening__register')].map((one) => one.getAttribute('href') ?? 'register').join(' ');
}

/** @param {HTMLElement} fresh @param {Document} page */
function standing(fresh, page) {
  const shown = /** @type {HTMLElement|null} */ (page.querySelector(`[data-standing="${CSS.escape(fresh.dataset.standing ?? '')}"]`));
  const entry = /** @type {HTMLElement|null|undefined} */ (shown?.closest('[data-progress]'));
  if (!shown || !entry) return;
  if (entry.dataset.progress !== fresh.dataset.progress) entry.dataset.progress = fresh.dataset.progress;
  replace(shown, fresh);
}

/** @type {WeakMap<HTMLElement, () => void>} */
const waiting = new WeakMap();

/** Changes it once nothing in it has the keyboard. @param {HTMLElement} band @param {() => void} change */
export function whenLeft(band, change) {
  const { activeElement } = band.ownerDocument;
  if (activeElement === band || !band.contains(activeElement)) return change();
  if (!waiting.has(band)) band.addEventListener('focusout', (event) => left(band, event));
  waiting.set(band, change);
}

/** @param {HTMLElement} band @param {FocusEvent} event */
function left(band, event) {
  if (band.contains(/** @type {Node|null} */ (event.relatedTarget))) return;
  waiting.get(band)?.();
  waiting.set(band, () => undefined);
}

/** What is the same stays: the nodes that ears and eyes are on do not change. @param {HTMLElement} shown @param {HTMLElement} fresh */
function replace(shown, fresh) {
  if (withoutOwnHours(shown) === fresh.innerHTML) return;
  shown.replaceChildren(...[...fresh.childNodes].map((node) => shown.ownerDocument.importNode(node, true)));
  addOwnHours(shown);
}

/** What the server sent once. @param {HTMLElement} shown */
function withoutOwnHours(shown) {
  const copy = /** @type {HTMLElement} */ (shown.cloneNode(true));
  for (const one of copy.querySelectorAll('.own-hour')) one.remove();
  for (const one of copy.querySelectorAll('[data-own]')) one.removeAttribute('data-own');
  return copy.innerHTML;
}
