// What the page is called: after its session as that is called now, and before it how many questions came while nobody looked.
// What must not be here: what is counted (news.js).

import { t } from '../i18n.js';

let name = '';
let news = 0;

/** @param {'watch'|'room'|'hub'|'moderate'|'chair'|'stage'} page @param {string} title */
export function callPage(page, title) {
  name = `${t(`page.${page}.title`)}${title ? ` · ${title}` : ''}`;
  show();
}

/** So many are new; 0: all were seen. @param {number} n */
export function countInTitle(n) {
  news = n;
  name ||= document.title;
  show();
}

function show() {
  const whole = news ? t('page.news', { n: news, name }) : name;
  if (document.title !== whole) document.title = whole;
}
