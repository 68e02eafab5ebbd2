// What a moderator decided: sent once, answered in words, taken back while it is fresh, explained when a colleague was faster.
// What must not be here: cards, keys, which question is chosen.

import { decide, erase, move } from '../net/commands.js';
import { Problem, why } from '../net/problem.js';
import { TOGETHER, UNDO_SECONDS } from '../state/tables.js';
import { announce } from './announce.js';
import { t, tn } from '../i18n.js';

/** @typedef {import('../state/types.js').Item} Item */

/** A refusal is read so long, in ms. */
const READ = 15_000;
/** Decisions that can be taken back one after the other; each for UNDO_SECONDS. */
const MOST_STEPS = 100;
/** What is not taken back. */
const FINAL = ['undo', 'erase'];

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
    /** What can still be taken back, as it was then decided. @type {{items: Item[], until: number}[]} */
    this.steps = [];
    /** Commands whose answer has not come. @type {Set<Promise<string>>} */
    this.flying = new Set();
    this.timer = 0;
  }

  /**
   * Resolves with the refusal in words; empty: all of it was done.
   * @param {Item[]} items @param {string} command @param {Record<string, unknown>} [more] @returns {Promise<string>}
   */
  send(items, command, more = {}) {
    const flight = this.#send(items, command, more);
    this.flying.add(flight);
    return flight.finally(() => this.flying.delete(flight));
  }

  /** @param {Item[]} items @param {string} command @param {Record<string, unknown>} more @returns {Promise<string>} */
  async #send(items, command, more) {
    const free = items.filter(({ id }) => !this.busy.has(id));
    if (!this.session || !free.length) return '';
    for (const { id } of free) this.busy.add(id);
    this.changed();
    try {
      const { done, words } = free.length === 1 ? await this.#one(free, command, more) : await this.#many(free, command, more);
      this.#learn(done, 'after' in more ? 'order' : command);
      return words;
    } catch (failure) {
      return this.#explain(failure);
    } finally {
      for (const { id } of free) this.busy.delete(id);
      this.changed();
    }
  }

  /** @param {Item[]} items @param {string} command @param {Record<string, unknown>} more */
  async #one([item], command, more) {
    const { api } = /** @type {import('../net/live.js').LiveSession} */ (this.session);
    if (item && command === 'erase') await erase(api, item);
    return { done: item ? [command === 'erase' ? item : await move(api, item, command, more)] : [], words: '' };
  }

  /** What the service takes one by one; the first refusal is told. @param {Item[]} items @param {string} command @param {Record<string, unknown>} more */
  async #each(items, command, more) {
    const { api } = /** @type {import('../net/live.js').LiveSession} */ (this.session);
    const answers = await Promise.allSettled(items.map((item) => move(api, item, command, more)));
    const done = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failures = answers.flatMap((one) => (one.status === 'rejected' ? [this.#explain(one.reason)] : []));
    return { done, words: failures[0] ? tn('desk.refused', failures.length, { why: failures[0] }) : '' };
  }

  /** @param {Item[]} items @param {string} command @param {Record<string, unknown>} more */
  async #many(items, command, more) {
    if (!TOGETHER.includes(command)) return this.#each(items, command, more);
    const { api, session } = /** @type {import('../net/live.js').LiveSession} */ (this.session);
    const answers = await decide(api, session, command, items, more);
    const done = answers.flatMap(({ item }) => (item ? [item] : []));
    const refused = answers.flatMap(({ problem }) => (problem ? [new Problem(problem)] : []));
    for (const { current } of refused) if (current) this.session?.learn('item', current);
    return { done, words: refused[0] ? tn('desk.refused', refused.length, { why: refused[0].message }) : '' };
  }

  /** @param {Item[]} done @param {string} command */
  #learn(done, command) {
    for (const item of done) {
      this.own.add(item.id);
      if (command !== 'erase') this.session?.learn('item', item); // what is left of it comes by the feed
    }
    if (!done.length) return;
    const words = tn(`done.${command}`, done.length, { seconds: UNDO_SECONDS });
    const back = !FINAL.includes(command);
    if (back) this.steps = [...this.steps, { items: done, until: Date.now() + UNDO_SECONDS * 1000 }].slice(-MOST_STEPS);
    announce(words);
    this.#say({ words, refused: false, back }, UNDO_SECONDS * 1000);
  }

  /** Takes the last fresh decision back, unless somebody else has touched the question since. @returns {Promise<string|null>} A question that it was about. */
  async undo() {
    await Promise.all(this.flying); // the last decision is the one whose answer comes last
    const step = this.steps.pop();
    if (!step || step.until < Date.now()) {
      this.steps = [];
      this.refused(t('desk.nothing_to_undo'));
      return null;
    }
    this.refused(await this.send(step.items, 'undo'));
    return step.items[0]?.id ?? null;
  }

  /** Says a refusal where the eyes are. @param {string} words */
  refused(words) {
    if (!words) return;
    announce(words);
    this.#say({ words, refused: true, back: false }, READ);
  }

  /** A colleague was faster: the question as it is now, and who moved it. @param {unknown} failure */
  #explain(failure) {
    const current = failure instanceof Problem && failure.code === 'qa.stale' ? failure.current : null;
    if (!current) return why(failure);
    this.session?.learn('item', current);
    return t('desk.stale', { who: current.changed_by || t('desk.someone'), status: t(`status.${current.status}`) });
  }

  /** @param {import('./desk_toast.js').Toast} toast @param {number} ms */
  #say(toast, ms) {
    clearTimeout(this.timer);
    this.toast = toast;
    this.timer = window.setTimeout(() => {
      this.toast = null;
      this.changed();
    }, ms);
    this.changed();
  }
}
