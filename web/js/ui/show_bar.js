// What stands above the run of show: the clock of the event, taking back, the keys in words. Templates only.
// What must not be here: what a key does.

import { html } from 'lit';
import { KEY_OF, SHOW_KEYS } from '../state/show_keys.js';
import { showHelp } from './dialogs.js';
import { hour, t } from '../i18n.js';

/** @param {import('../state/run_of_show.js').Order} order @param {number} now @param {() => void} undo */
export function bar(order, now, undo) {
  return html`<div class="show__bar"><p class="num"><strong class="show__clock">${hour(new Date(now).toISOString())}</strong> <span class="small quiet">${order.timezone}</span></p>
    <div class="buttons"><button type="button" class="button button--small" aria-disabled=${order.undo ? 'false' : 'true'} @click=${undo}>
        ${t('show.undo')} <kbd aria-hidden="true">${key('undo')}</kbd></button>
      <button type="button" class="button button--small button--quiet show__keys" @click=${help}>${t('desk.help')} <kbd aria-hidden="true">${key('help')}</kbd></button></div></div>`;
}

/** @param {string} meaning */
const key = (meaning) => Object.entries(SHOW_KEYS).find(([, word]) => word === meaning)?.[0] ?? '';

/** The keys, in words. */
export function help() {
  const acts = Object.entries(KEY_OF).map(([act, letter]) => /** @type {[string, string]} */ ([letter, t(`show.act.${act}`)]));
  const moves = ['down', 'up', 'now', 'undo', 'help'].map((one) => /** @type {[string, string]} */ ([key(one), t(`show.key.${one}`)]));
  return showHelp([...acts, ...moves, ['← →', t('show.key.beside')]]);
}
