// What stands above the run of show: the clock of the event, taking back, the keys in words. Templates only.
// What must not be here: what a key does.

import { html } from 'lit';
import { ACTS, keyFor, showKeysOf } from '../state/show_keys.js';
import { showHelp } from './dialogs.js';
import { hour, t } from '../i18n.js';

/** @param {import('../state/run_of_show.js').Order} order @param {number} now @param {() => void} undo */
export function bar(order, now, undo) {
  return html`<div class="show__bar"><p class="num"><strong class="show__clock">${hour(new Date(now).toISOString())}</strong> <span class="small quiet">${order.timezone}</span></p>
    <div class="buttons"><button type="button" class="button button--small" aria-disabled=${order.undo ? 'false' : 'true'} @click=${undo}>
        ${t('show.undo')} <kbd aria-hidden="true">${key('undo')}</kbd></button>
      <button type="button" class="button button--small button--quiet show__keys" @click=${help}>${t('desk.help')} <kbd aria-hidden="true">${key('help')}</kbd></button></div></div>`;
}

/** Key → what it does, in the language of the page. */
export const showKeys = () => showKeysOf((word) => t(`show.letter.${word}`));

/** @param {string} meaning */
export const key = (meaning) => keyFor(showKeys(), meaning);

/** The keys, in words. */
export function help() {
  const acts = [...new Set(Object.values(ACTS).flat())].map((act) => /** @type {[string, string]} */ ([key(act), t(`show.act.${act}`)]));
  const moves = ['down', 'up', 'now', 'undo', 'help'].map((one) => /** @type {[string, string]} */ ([key(one), t(`show.key.${one}`)]));
  return showHelp([...acts, ...moves, ['← →', t('show.key.beside')]]);
}
