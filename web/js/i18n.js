// Words of the page, from its language's catalogue. Every sentence a person reads comes through here.
// What must not be here: sentences.

import { asset } from './net/assets.js';

/** @type {Record<string, string>} */
let catalogue = {};
let lang = 'fr';
/** Where the event is; undefined: where the reader is. @type {string|undefined} */
let zone;

/** @type {() => void} */
let learned = () => undefined;
/** Kept once the page has its words. @type {Promise<void>} */
export const words = new Promise((resolve) => {
  learned = resolve;
});

/** The page's language, as in <html lang>. */
export const language = () => lang;

/** @type {Map<string, any>} */
const made = new Map();

/**
 * One of Intl's formatters for the page's language, or another: made once, for making it takes a hundred times as long as using it.
 * @template T
 * @param {new (locale: string, options?: any) => T} Kind @param {object} [options] @param {string} [locale]
 * @returns {T}
 */
export function formatter(Kind, options = {}, locale = lang) {
  const key = `${Kind.name} ${locale} ${JSON.stringify(options)}`;
  let found = made.get(key);
  if (!found) made.set(key, (found = new Kind(locale, options)));
  return found;
}

/**
 * @param {string} code
 * @param {Record<string, string>} texts  Flat dotted keys; {name} is replaced by a parameter.
 */
export function setCatalogue(code, texts) {
  lang = code;
  catalogue = texts;
  learned();
}

/** The zone in which the programme is printed. @param {string} name  As in the tz database; empty: not known. */
export function setZone(name) {
  zone = name || undefined;
}

/**
 * Fetches the words of the page, from the catalogues that its head names: those of rare pages weigh on no other. Where the server knows that
 * the language lacks words, the page names the one that fills the gaps.
 * @param {string} code
 */
export async function setLocale(code) {
  const { fallback } = document.documentElement.dataset;
  const names = [...document.querySelectorAll('link[data-words]')].map((link) => /** @type {HTMLElement} */ (link).dataset.words);
  const files = (fallback ? [fallback, code] : [code]).flatMap((one) => names.map((name) => load(`${one}/${name}`)));
  setCatalogue(code, Object.assign({}, ...(await Promise.all(files))));
}

/**
 * One more catalogue, for a part of the page that hardly anybody comes to: in the language of the words that are there, over those that fill gaps.
 * @param {string} name
 */
export async function addWords(name) {
  const { fallback } = document.documentElement.dataset;
  const found = await Promise.all((fallback ? [fallback, lang] : [lang]).map((one) => load(`${one}/${name}`)));
  catalogue = Object.assign({}, ...found, catalogue);
}

/** @param {string} path @returns {Promise<Record<string, string>>} */
async function load(path) {
  const answer = await fetch(asset(`locales/${path}.json`));
  return answer.json();
}

/**
 * Of what was written in several languages, the code and the text of the page's, else of the first; undefined where there is none.
 * @param {Record<string, string>} [texts] @returns {[string, string]|undefined}
 */
export function spoken(texts = {}) {
  return Object.entries(texts).find(([code]) => code === lang) ?? Object.entries(texts)[0];
}

/**
 * @param {string} key
 * @param {Record<string, string|number>} [params]
 */
export function t(key, params = {}) {
  return (catalogue[key] ?? key).replace(/\{(\w+)\}/g, (hole, name) => (params[name] === undefined ? hole : spelled(params[name])));
}

/** The first of these sentences that the catalogue has: a newer service may name what this page has no words for. @param {string[]} keys */
export function first(...keys) {
  return t(keys.find((key) => key in catalogue) ?? keys[0] ?? '');
}

/**
 * The form that fits a number: one key per plural category of the language (Unicode CLDR), and `.zero` where zero has words of its own.
 * shared/messages/catalogue.py chooses in the same way.
 * @param {string} key
 * @param {number} n
 * @param {Record<string, string|number>} [params]
 */
export function tn(key, n, params = {}) {
  const category = n === 0 && `${key}.zero` in catalogue ? 'zero' : formatter(Intl.PluralRules).select(n);
  return t(`${key}.${category}` in catalogue ? `${key}.${category}` : `${key}.other`, { n, ...params });
}

/** @param {string|number} value */
function spelled(value) {
  return typeof value === 'number' ? formatter(Intl.NumberFormat).format(value) : value;
}

/**
 * Text that a person typed, with the spaces of French where it is French: no-break, so that no sign begins a line.
 * shared/messages/typesetting.py does the same. The text that is kept does not change.
 * @param {string} text
 * @param {string} code
 */
export function typeset(text, code) {
  if (code.split('-')[0] !== 'fr') return text;
  return text.replace(/ ([;!?])/g, '\u202f$1').replace(/ ([:»%])/g, '\u00a0$1').replace(/« /g, '«\u00a0').replace(/'/g, '’');
}

/** Hours and minutes of an instant where the reader is, written as in the programme. @param {string} instant */
export function clock(instant) {
  return hourIn(instant, undefined);
}

/** How long ago, in words. @param {string} instant @param {number} [now] */
export function ago(instant, now = Date.now()) {
  const minutes = Math.floor((now - Date.parse(instant)) / 60_000);
  if (!(minutes >= 1)) return t('time.now');
  if (minutes < 60) return tn('time.minutes', minutes);
  return t('time.at', { time: clock(instant) });
}

/** An hour of the programme, where the event is, written as the programme writes it: `8 h 45`, `8:45`. @param {string} instant */
export function hour(instant) {
  return hourIn(instant, zone);
}

/** The same hour where the reader is, in words; empty where it is the same one. @param {string} instant */
export function hourHere(instant) {
  const here = hourIn(instant, undefined);
  return here === hourIn(instant, zone) ? '' : t('time.here', { time: here });
}

/** @param {string} instant @param {string|undefined} timeZone */
function hourIn(instant, timeZone) {
  const format = formatter(Intl.DateTimeFormat, { hour: 'numeric', minute: '2-digit', hourCycle: 'h23', ...(timeZone ? { timeZone } : {}) }, 'en');
  const parts = Object.fromEntries(format.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
  return hourWords(`${parts.hour}:${parts.minute}`);
}

/** `08:45` as the language writes it. @param {string} time */
export function hourWords(time) {
  const [h, m] = time.split(':');
  return t('time.hour', { h: String(Number(h)), m: m ?? '00' });
}

/** The day of an instant where the event is, to compare: `2026-11-23`. @param {string|number} instant */
export function dayOf(instant) {
  return formatter(Intl.DateTimeFormat, { dateStyle: 'short', ...(zone ? { timeZone: zone } : {}) }, 'en-CA').format(new Date(instant));
}

/** The day of an instant in words, as the programme writes it: `lundi 23 novembre`, `mardi 1er décembre`. @param {string|number} instant */
export function dayWords(instant) {
  return dayIn(instant, zone);
}

/** A day of the calendar in the same words. @param {string} date  `2026-11-23`, anywhere. */
export function dateWords(date) {
  return dayIn(`${date}T00:00:00Z`, 'UTC');
}

/** @param {string|number} instant @param {string|undefined} timeZone */
function dayIn(instant, timeZone) {
  const format = formatter(Intl.DateTimeFormat, { weekday: 'long', day: 'numeric', month: 'long', ...(timeZone ? { timeZone } : {}) });
  const { weekday = '', day = '', month = '' } = Object.fromEntries(format.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
  return t(day === '1' ? 'time.day.first' : 'time.day', { weekday, day, month });
}

/**
 * A sentence with an hour of the programme: `key`, or `key.day` with its day where that is not today.
 * @param {string} key @param {string} instant @param {string|number} [now]
 */
export function at(key, instant, now = Date.now()) {
  const time = hour(instant);
  return dayOf(instant) === dayOf(now) ? t(key, { time }) : t(`${key}.day`, { time, day: dayWords(instant) });
}
