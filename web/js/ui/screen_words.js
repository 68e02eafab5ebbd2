// By whom and since when screens are blank, in words. What must not be here: what can be pressed.

import { hour, t } from '../i18n.js';

/** @param {string} key @param {import('../state/types.js').Blank} blank @param {Record<string, string>} [more] */
export function blankWords(key, blank, more = {}) {
  return t(key, { who: blank.by || t(`screens.${blank.duty}`), time: hour(blank.at), ...more });
}
