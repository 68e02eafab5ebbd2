// What an operator does to the day: the hour asked for, what would move shown, the command given once, taken back, explained when a
// colleague was faster. What must not be here: rows, keys, which session is chosen; requests are given.

import { Problem, why } from '../net/problem.js';
import { hourTyped } from '../state/run_of_show.js';
import { changes, elsewhere } from '../state/show_changes.js';
import { commandOf } from '../state/show_keys.js';
import { announce } from './announce.js';
import { askHour, confirmMoves } from './show_dialogs.js';
import { name, span } from './show_words.js';
import { hourWords, t, tn } from '../i18n.js';

/** @typedef {import('../state/run_of_show.js').Slot} Slot */
/** @typedef {import('../state/run_of_show.js').Order} Order */
/** @typedef {import('../state/show_keys.js').Act} Act */
/** @typedef {import('../net/running_order.js').Command} Command */

/** A word on what was done stays this long, in ms. */
const READ = 10_000;

/**
 * @typedef {object} Deps
 * @property {() => Order|null} order
 * @property {(order: Order) => void} learn  The order as it is now.
 * @property {(command: Command) => Promise<import('../state/show_changes.js').Told[]>} preview
 * @property {(command: Command, version: number) => Promise<Order>} change
 * @property {() => Promise<unknown>} look  Reads the order anew.
 * @property {() => void} changed  Told whenever something below has changed.
 */

export class ShowCommands {
  /** @param {Deps} deps */
  constructor(deps) {
    this.deps = deps;
    this.busy = false;
    /** A sentence on one session, or on the whole ('' as its id). @type {{id: string, words: string}|null} */
    this.told = null;
    /** What was done last. */
    this.done = '';
    this.timer = 0;
  }

  /** @param {Slot} slot @param {Act} act */
  async act(slot, act) {
    if (this.busy) return;
    const at = act === 'move' ? await hourFor(slot) : undefined;
    if (at === null) return;
    await this.#give(commandOf(act, slot.session, at), slot.session, t(`show.about.${act === 'start' && slot.progress === 'over' ? 'resume' : act}`, { title: name(slot), at: at ? hourWords(at) : '' }));
  }

  async undo() {
    if (this.busy || !this.deps.order()?.undo) return;
    await this.#give({ command: 'undo' }, '', t('show.about.undo'));
  }

  /** Something about a session that moves nothing. @param {string} id @param {string} about @param {() => Promise<unknown>} work */
  async carryOut(id, about, work) {
    if (this.busy) return;
    this.#say({ busy: true, told: null });
    try {
      await work();
      this.#finished(t('show.done', { what: about }));
    } catch (failure) {
      this.#say({ told: { id, words: why(failure) } });
    } finally {
      this.#say({ busy: false });
    }
  }

  /** @param {Command} command @param {string} id @param {string} about */
  async #give(command, id, about) {
    const order = this.deps.order();
    if (!order) return;
    this.#say({ busy: true, told: null });
    try {
      const moved = changes(order, await this.deps.preview(command));
      if (!(await confirmMoves(about, moved))) return;
      this.deps.learn(await this.deps.change(command, order.version));
      this.#finished(t('show.done', { what: about }));
    } catch (failure) {
      await this.#explain(id, failure, order);
    } finally {
      this.#say({ busy: false });
    }
  }

  /** Somebody was faster: what they changed since the decision was made on `order`. @param {string} id @param {unknown} failure @param {Order} order */
  async #explain(id, failure, order) {
    const stale = failure instanceof Problem && failure.code === 'registration.order_stale';
    if (stale) await this.deps.look();
    const words = stale ? faster(order, this.deps.order() ?? order, failure.current?.by || t('show.stale.nameless')) : why(failure);
    this.#say({ told: { id, words } });
    announce(words);
  }

  /** @param {string} words */
  #finished(words) {
    announce(words);
    clearTimeout(this.timer);
    this.#say({ done: words });
    this.timer = window.setTimeout(() => this.#say({ done: '' }), READ);
  }

  /** @param {Partial<Pick<ShowCommands, 'busy'|'told'|'done'>>} change */
  #say(change) {
    Object.assign(this, change);
    this.deps.changed();
  }
}

/** The hour a session is moved to; null when the dialog was left. @param {Slot} slot */
async function hourFor(slot) {
  for (let wrong = ''; ;) {
    const typed = await askHour(slot, wrong);
    const at = typed === null ? null : hourTyped(typed);
    if (typed === null || at) return at;
    wrong = typed.trim() || '?';
  }
}

/** @param {Order} before @param {Order} now @param {string} who */
function faster(before, now, who) {
  const found = elsewhere(before, now);
  const [first] = found;
  if (!first) return t('show.stale.unseen', { who });
  const what = t('show.stale.slot', { title: name(first), hours: span(first), how: t(`show.progress.${first.progress}`) });
  return tn('show.stale', found.length - 1, { who, what });
}
