// What a moderator decided: sent once, answered in words, taken back within ten seconds, explained when a colleague was faster.
// What must not be here: cards, keys, which question is chosen.

import { move } from '../net/commands.js';
import { Problem } from '../net/problem.js';
import { REVERSE } from '../state/tables.js';
import { announce } from './announce.js';
import { t } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** How long a decision can be taken back and a refusal is read, in ms. */
const READ = 10_000;

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
    /** @type {import('./desk_toast.js').Toast|null} */
    this.toast = null;
    /** @type {{id: string, command: string}|null} */
    this.back = null;
    this.timer = 0;
  }

  /** Resolves with the refusal in words; empty: done. @param {Item} item @param {string} command @param {Record<string, unknown>} [more] @returns {Promise<string>} */
  async send(item, command, more = {}) {
    if (!this.session || this.busy.has(item.id)) return '';
    this.busy.add(item.id);
    this.changed();
    try {
      const now = await move(this.session.api, item, command, more);
      this.own.add(item.id);
      this.session.learn('item', now);
      this.#done(item, command);
      return '';
    } catch (failure) {
      return this.#explain(failure);
    } finally {
      this.busy.delete(item.id);
      this.changed();
    }
  }

  /** The question that was taken back. @returns {Promise<string|null>} */
  async undo() {
    const { back } = this;
    const item = back && this.session?.live?.items[back.id];
    this.back = null;
    this.#say(null);
    if (!back || !item) return null;
    this.refused(await this.send(item, back.command));
    return item.id;
  }

  /** Says a refusal where the eyes are. @param {string} words */
  refused(words) {
    if (!words) return;
    announce(words);
    this.back = null;
    this.#say({ words, refused: true, back: false });
  }

  /** A colleague was faster: the question as it is now, and who moved it. @param {unknown} failure */
  #explain(failure) {
    const current = failure instanceof Problem && failure.code === 'qa.stale' ? failure.current : null;
    if (!current) return failure instanceof Error ? failure.message : t('net.refused');
    this.session?.learn('item', current);
    return t('desk.stale', { who: current.changed_by || t('desk.someone'), status: t(`status.${current.status}`) });
  }

  /** @param {Item} item @param {string} command */
  #done(item, command) {
    const words = t(`done.${command}`);
    const reverse = item.status === 'hidden' ? undefined : REVERSE[command];
    announce(words);
    this.back = reverse ? { id: item.id, command: reverse } : null;
    this.#say(reverse ? { words, refused: false, back: true } : null);
  }

  /** @param {import('./desk_toast.js').Toast|null} toast */
  #say(toast) {
    clearTimeout(this.timer);
    this.toast = toast;
    this.timer = window.setTimeout(() => {
      this.toast = null;
      this.back = null;
      this.changed();
    }, READ);
    this.changed();
  }
}
