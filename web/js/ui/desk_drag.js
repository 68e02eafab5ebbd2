// A question taken by its grip and let go elsewhere on the desk: on another one (a duplicate of it), between two of the shortlist, on a tab
// to go on in its column. Mouse, pen and finger. What must not be here: what a drop means (state/shortlist.js), requests.

import { dropped } from '../state/shortlist.js';
import { CARD } from './card.js';

/** @typedef {import('../state/types.js').Item} Item */

/** A list goes on under a question that is held so near to its edge, in px, by so much. */
const [EDGE, STEP] = [36, 14];

/**
 * @typedef {object} Desk  The element on which it happens.
 * @property {import('../state/types.js').Live|null} live
 * @property {boolean} removed
 * @property {(column: import('../state/tables.js').Column) => void} show
 * @property {(item: Item, command: string, more: Record<string, unknown>) => unknown} drop
 */

export class DeskDrag {
  /** @param {HTMLElement & Desk} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {Item|null} */
    this.item = null;
    /** What letting go would mean. @type {ReturnType<typeof dropped>} */
    this.wish = null;
    /** The card that shows it. @type {HTMLElement|null} */
    this.marked = null;
    this.ghost = document.createElement('div');
    this.ghost.className = 'desk__ghost';
    this.ghost.setAttribute('aria-hidden', 'true');
    desk.addEventListener('pointerdown', (event) => this.#take(event));
    this.moved = (/** @type {PointerEvent} */ event) => this.#over(event.clientX, event.clientY);
    this.ended = (/** @type {Event} */ event) => this.#end(event.type === 'pointerup');
    this.left = (/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && this.#end(false);
  }

  /** @param {PointerEvent} event */
  #take(event) {
    const target = /** @type {Element} */ (event.target);
    const id = target.closest('.card__grip')?.closest(`[id^="${CARD}"]`)?.id.slice(CARD.length);
    const item = this.desk.live?.items[id ?? ''];
    if (!item || event.button !== 0 || this.item) return;
    event.preventDefault(); // no text is selected on the way
    this.item = item;
    this.ghost.textContent = item.text;
    document.body.append(this.ghost);
    this.#listen('addEventListener');
    this.#over(event.clientX, event.clientY);
  }

  /** @param {'addEventListener'|'removeEventListener'} way */
  #listen(way) {
    document[way]('pointermove', /** @type {EventListener} */ (this.moved));
    document[way]('pointerup', this.ended);
    document[way]('pointercancel', this.ended);
    document[way]('keydown', /** @type {EventListener} */ (this.left));
  }

  /** @param {number} x @param {number} y */
  #over(x, y) {
    this.ghost.style.translate = `${x}px ${y}px`;
    const found = document.elementFromPoint(x, y);
    const tab = /** @type {HTMLElement|null|undefined} */ (found?.closest('[data-tab]'));
    if (tab) this.desk.show(/** @type {import('../state/tables.js').Column} */ (tab.dataset.tab));
    const scroller = found?.closest('.desk__scroll, .desk__fold');
    if (scroller) scrollNear(scroller, y);
    const card = /** @type {HTMLElement|null} */ (found?.closest(`[id^="${CARD}"]`) ?? null);
    const group = /** @type {HTMLElement|null} */ (found?.closest('[data-group]') ?? null);
    this.#wish(card, group, y);
  }

  /** @param {HTMLElement|null} card @param {HTMLElement|null} group @param {number} y */
  #wish(card, group, y) {
    const { desk, item } = this;
    const items = desk.live?.items ?? {};
    const box = card?.getBoundingClientRect();
    const where = { over: items[card?.id.slice(CARD.length) ?? ''] ?? null, group: group?.dataset.group ?? null, at: box ? (y - box.top) / box.height : 1 };
    this.wish = item ? dropped(item, where, Object.values(items), desk.removed) : null;
    this.#mark(this.wish?.mark === 'end' ? group : card);
  }

  /** @param {HTMLElement|null} where */
  #mark(where) {
    if (this.marked !== where) this.marked?.removeAttribute('data-drop');
    this.marked = this.wish ? where : null;
    if (this.wish) where?.setAttribute('data-drop', this.wish.mark);
    else where?.removeAttribute('data-drop');
  }

  /** @param {boolean} done */
  #end(done) {
    const { item, wish } = this;
    this.#listen('removeEventListener');
    this.ghost.remove();
    this.wish = null;
    this.item = null;
    this.#mark(null);
    if (done && item && wish) this.desk.drop(this.desk.live?.items[item.id] ?? item, wish.command, wish.more);
  }
}

/** @param {Element} scroller @param {number} y */
function scrollNear(scroller, y) {
  const { top, bottom } = scroller.getBoundingClientRect();
  if (y < top + EDGE) scroller.scrollBy(0, -STEP);
  else if (y > bottom - EDGE) scroller.scrollBy(0, STEP);
}
