// What a moderator decided: sent once, answered in words, taken back within ten seconds, explained when a colleague was faster.
// What must not be here: cards, keys, which question is chosen.

import { move } from '../net/commands.js';
import { Problem } from '../net/problem.js';
import { ALLOWED, REVERSE } from '../state/tables.js';
import { announce } from './announce.js';
import { t } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** How long a decision can be taken back, in ms. */
const UNDO = 10_000;

export class Decisions {
  /** @param {() => void} changed  Told whenever something below has changed. */
  constructor(changed) {
    this.changed = changed;
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** Questions whose command is on its way. @type {Set<string>} */
    this.busy = new Set();
    /** Questions this page itself moved. @type {Set<string>} */
    this.own = new Set();
    /** A sentence on one question. @type {{id: string, words: string}|null} */
    this.told = null;
    /** @type {{id: string, command: string, words: string}|null} */
    this.back = null;
    this.timer = 0;
  }

  /** Whether it was done. @param {Item} item @param {string} command @param {Record<string, unknown>} [more] @returns {Promise<boolean>} */
  async send(item, command, more = {}) {
    if (!this.session || this.busy.has(item.id) || !ALLOWED[item.status]?.includes(command === 'publish' && more.text ? 'rephrase' : command)) return false;
    this.busy.add(item.id);
    this.told = null;
    this.changed();
    try {
      const now = await move(this.session.api, item, command, more);
      this.own.add(item.id);
      this.session.learn('item', now);
      this.#offer(item, command);
      return true;
    } catch (failure) {
      this.#explain(item, failure);
      return false;
    } finally {
      this.busy.delete(item.id);
      this.changed();
    }
  }

  async undo() {
    const { back } = this;
    const item = back && this.session?.live?.items[back.id];
    this.back = null;
    this.changed();
    if (back && item) await this.send(item, back.command);
  }

  /** A colleague was faster: the question as it is now, and who moved it. @param {Item} item @param {unknown} failure */
  #explain(item, failure) {
    const current = failure instanceof Problem && failure.code === 'qa.stale' ? failure.current : null;
    if (current) this.session?.learn('item', current);
    const words = current
      ? t('desk.stale', { who: current.changed_by || t('desk.someone'), status: t(`status.${current.status}`) })
      : failure instanceof Error ? failure.message : t('net.refused');
    this.told = { id: item.id, words };
    announce(words);
  }

  /** @param {Item} item @param {string} command */
  #offer(item, command) {
    const words = t(`done.${command}`);
    const reverse = item.status === 'hidden' ? undefined : REVERSE[command];
    announce(words);
    clearTimeout(this.timer);
    this.back = reverse ? { id: item.id, command: reverse, words } : null;
    this.timer = window.setTimeout(() => {
      this.back = null;
      this.changed();
    }, UNDO);
  }
}
