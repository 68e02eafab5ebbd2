// What every live page does first: read its place from the page, learn its words, open its session.
// What must not be here: what one page shows.

import { LiveSession } from '../net/live.js';
import { setLocale, setZone } from '../i18n.js';

/** @returns {HTMLElement & {dataset: DOMStringMap}} */
export function place() {
  const found = document.getElementById('live');
  if (!found) throw new Error('no #live on this page');
  return found;
}

/** @param {import('../state/tables.js').View} view @returns {Promise<LiveSession>} */
export async function start(view) {
  const { session = '' } = place().dataset;
  const live = new LiveSession({ session, view, lang: document.documentElement.lang || 'fr' });
  live.passes.current().catch(() => {}); // on its way while the words come; whoever needs it asks again
  await learnWords();
  return live;
}

/** The words of the page and the zone of the event. @returns {Promise<string>} The page's language. */
export async function learnWords() {
  const lang = document.documentElement.lang || 'fr';
  setZone(place().dataset.timezone ?? '');
  await setLocale(lang);
  return lang;
}

/**
 * Calls `show` now and at every change.
 * @param {LiveSession} session
 * @param {() => void} show
 */
export function follow(session, show) {
  session.addEventListener('change', show);
  show();
  session.open();
}

/**
 * An element of the page with its properties.
 * @param {string} selector
 * @returns {any}
 */
export function element(selector) {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`no ${selector} on this page`);
  return found;
}
