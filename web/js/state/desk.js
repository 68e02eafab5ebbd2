// What stands where on the desk: its groups, each in its order, and nothing moves under a hand. Pure.
// What must not be here: the page, pointers (ui/desk_lock.js says what is held), which question is chosen (state/keys.js).

import { ORDERS } from './filters.js';
import { compare } from './order.js';
import { inTurn } from './shortlist.js';
import { COLUMN_OF, MARKS } from './tables.js';

/** @typedef {import('./types.js').Item} Item */
/** @typedef {import('./tables.js').Column} Column */
/** @typedef {'waiting'|'published'|'stage'|'shortlist'|'promised'|'answered'|'aside'} Group  What runs: on stage, what comes in which order, then what became of the others. */
/** @typedef {{ids: string[], fresh: number, moved: boolean}} Shown  `ids` may hold some that are gone: their place is kept while held. */
/** @typedef {Record<Group, Shown>} Layout */

/** Column → its groups, from the top. @type {Record<Column, Group[]>} */
export const GROUPS_OF = { waiting: ['waiting'], published: ['published'], running: ['stage', 'shortlist', 'promised', 'answered', 'aside'] };

/** @type {Group[]} */
export const GROUPS = Object.values(GROUPS_OF).flat();

/** @param {{status: string, place?: string, cued_at?: string|null}|undefined} item @returns {Group|null} */
export function groupOf(item) {
  const column = COLUMN_OF[item?.status ?? ''];
  if (column === 'published' && (item?.place || item?.cued_at)) return 'shortlist';
  if (column !== 'running') return column ?? null;
  const mark = MARKS[item?.status ?? ''];
  return mark === 'stage' || mark === 'answered' ? mark : mark === 'waiting' ? 'promised' : 'aside';
}

/** Nothing is shown yet. @returns {Layout} */
export function blank() {
  return each(() => ({ ids: [], fresh: 0, moved: false }));
}

/** @template T @param {(group: Group) => T} make @returns {Record<Group, T>} */
function each(make) {
  return /** @type {Record<Group, T>} */ (Object.fromEntries(GROUPS.map((group) => [group, make(group)])));
}

/** @type {(a: Item, b: Item) => number} */
const byDay = (a, b) => compare(a.due, b.due) || compare(a.id, b.id);
/** What has an order of its own, whatever is asked for. @type {Partial<Record<Group, (a: Item, b: Item) => number>>} */
const OWN_ORDER = { shortlist: inTurn, promised: byDay };

/** The latest decision first; those of one instant by id, so that every page agrees. @param {Item} a @param {Item} b */
const lately = (a, b) => compare(b.changed_at ?? '', a.changed_at ?? '') || compare(a.id, b.id);

/**
 * @param {Layout} before
 * @param {Item[]} items  Those to be shown.
 * @param {{sorts: Partial<Record<Group, import('./filters.js').Sort>>, held: (group: Group) => boolean, own: (id: string) => boolean}} how
 * `own`: whether this page itself moved a question.
 * @returns {Layout}
 */
export function lay(before, items, { sorts, held, own }) {
  /** @param {Group} group */
  const one = (group) => {
    const sort = sorts[group];
    const right = items.filter((item) => groupOf(item) === group).sort(OWN_ORDER[group] ?? (sort ? ORDERS[sort] : lately));
    return arrange(before[group], right.map((item) => item.id), held(group), own, sort === 'oldest');
  };
  return each(one);
}

/**
 * Held, what is shown stays in its place, also what somebody else moved away; what this page moved goes and comes at once. The others wait,
 * but in a queue, whose end is below everything.
 * @param {Shown} before
 * @param {string[]} right  Ids that belong there now, in order.
 * @param {boolean} held
 * @param {(id: string) => boolean} own
 * @param {boolean} queue  Oldest first.
 * @returns {Shown}
 */
export function arrange(before, right, held, own, queue) {
  if (!held || !before.ids.length) return { ids: right, fresh: 0, moved: false };
  const there = new Set(right);
  const known = new Set(before.ids);
  const ids = before.ids.filter((id) => there.has(id) || !own(id));
  const come = right.filter((id) => !known.has(id));
  for (const id of come.filter(own)) ids.splice(placeFor(id, ids, right), 0, id);
  const others = come.filter((id) => !own(id));
  if (queue) return { ids: [...ids, ...others], fresh: 0, moved: false };
  const stay = ids.filter((id) => there.has(id));
  const shown = new Set(stay);
  return { ids, fresh: others.length, moved: right.filter((id) => shown.has(id)).some((id, place) => id !== stay[place]) };
}

/** Behind the nearest one before it that is shown. @param {string} id @param {string[]} ids @param {string[]} right */
function placeFor(id, ids, right) {
  const earlier = right.slice(0, right.indexOf(id)).reverse().find((other) => ids.includes(other));
  return earlier === undefined ? 0 : ids.indexOf(earlier) + 1;
}

/** How many questions are in each group, shown or not. @param {Item[]} items @returns {Record<Group, number>} */
export function counts(items) {
  const found = each(() => 0);
  for (const item of items) {
    const group = groupOf(item);
    if (group) found[group] += 1;
  }
  return found;
}
