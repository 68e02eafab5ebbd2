// Words of the page, from its language's catalogue. Every sentence a person reads comes through here.
// What must not be here: sentences.

/** @type {Record<string, string>} */
let catalogue = {};
let lang = 'fr';

/** The page's language: 'fr' or 'en'. */
export const language = () => lang;

/**
 * @param {string} code
 * @param {Record<string, string>} words  Flat dotted keys; {name} stands for a parameter.
 */
export function speak(code, words) {
  lang = code;
  catalogue = words;
}

/**
 * Fetches the live pages' catalogue, which lies beside the scripts.
 * @param {string} code
 */
export async function learn(code) {
  const answer = await fetch(new URL(`../../locales/${code}/live.json`, import.meta.url));
  speak(code, await answer.json());
}

/**
 * @param {string} key
 * @param {Record<string, string|number>} [params]
 */
export function t(key, params = {}) {
  return (catalogue[key] ?? key).replace(/\{(\w+)\}/g, (hole, name) => (params[name] === undefined ? hole : spelled(params[name])));
}

/**
 * The sentence that fits a number: keys end in .zero (optional), .one, .other.
 * @param {string} key
 * @param {number} n
 * @param {Record<string, string|number>} [params]
 */
export function tn(key, n, params = {}) {
  const form = n === 0 && `${key}.zero` in catalogue ? 'zero' : new Intl.PluralRules(lang).select(n) === 'one' ? 'one' : 'other';
  return t(`${key}.${form}`, { n, ...params });
}

/** @param {string|number} value */
function spelled(value) {
  return typeof value === 'number' ? new Intl.NumberFormat(lang).format(value) : value;
}

/**
 * What a person typed, set as French is: no-break spaces where a line must not break. The text itself is not changed.
 * @param {string} text
 * @param {string} code
 */
export function set(text, code) {
  if (code !== 'fr') return text;
  return text.replace(/ ([;!?])/g, '\u202f$1').replace(/ (:|»)/g, '\u00a0$1').replace(/« /g, '«\u00a0');
}

/** Hours and minutes of an instant, as read in this language. @param {string} instant */
export function clock(instant) {
  return new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit' }).format(new Date(instant));
}

/** How long ago, in words. @param {string} instant @param {number} [now] */
export function ago(instant, now = Date.now()) {
  const minutes = Math.floor((now - Date.parse(instant)) / 60_000);
  if (!(minutes >= 1)) return t('time.now');
  if (minutes < 60) return tn('time.minutes', minutes);
  return t('time.at', { time: clock(instant) });
}
