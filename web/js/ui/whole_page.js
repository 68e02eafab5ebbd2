// A page whose programme is another one now: each of its sections takes the words that the server would send today.
// What must not be here: when that is so (net/moment.js), what moves by the minute (ui/moment.js).

import { addOwnHours } from './hours.js';
import { whenLeft } from './moment.js';

/** Puts what a freshly fetched page says in place of what is shown. What somebody unfolded stays unfolded; a section in which the keyboard
 * stands waits until it has left. @param {Document} fresh @param {Document} page */
export function showWhole(fresh, page) {
  page.title = fresh.title;
  for (const selector of ['.masthead__name', '.contents']) swap(page.querySelector(selector), fresh.querySelector(selector));
  const [shown, next] = [page, fresh].map((one) => /** @type {HTMLElement} */ (one.querySelector('main')));
  if (!shown || !next) return;
  const [here, there] = [sections(shown), sections(next)];
  if (names(here) === names(there)) here.forEach((one, n) => swap(one, there[n] ?? null));
  else whenLeft(shown, () => put(shown, next));
}

/** @param {HTMLElement} main */
function sections(main) {
  return /** @type {HTMLElement[]} */ ([...main.children]);
}

/** @param {HTMLElement[]} some */
function names(some) {
  return some.map((one) => one.className || one.dataset.part || one.id).join(' ');
}

/** @param {Element|null} shown @param {Element|null} fresh */
function swap(shown, fresh) {
  if (!(shown instanceof HTMLElement) || !(fresh instanceof HTMLElement) || plain(shown) === plain(fresh)) return;
  whenLeft(shown, () => put(shown, fresh));
}

/** @param {HTMLElement} shown @param {HTMLElement} fresh */
function put(shown, fresh) {
  const open = [...shown.querySelectorAll('details[open]')].map(entryOf);
  for (const { name, value } of fresh.attributes) shown.setAttribute(name, value);
  shown.replaceChildren(...[...fresh.childNodes].map((node) => shown.ownerDocument.importNode(node, true)));
  for (const one of /** @type {NodeListOf<HTMLDetailsElement>} */ (shown.querySelectorAll('details'))) one.open ||= open.includes(entryOf(one));
  addOwnHours(shown);
}

/** @param {Element} one */
function entryOf(one) {
  return one.closest('[id]')?.id ?? '';
}

/** What the server sent once, whatever a hand unfolded and a script added. @param {HTMLElement} shown */
function plain(shown) {
  const copy = /** @type {HTMLElement} */ (shown.cloneNode(true));
  for (const one of copy.querySelectorAll('.own-hour')) one.remove();
  for (const one of copy.querySelectorAll('[data-own]')) one.removeAttribute('data-own');
  for (const one of copy.querySelectorAll('details')) one.removeAttribute('open');
  return copy.outerHTML;
}
