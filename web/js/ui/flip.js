// Shows where a thing went: children that changed place glide there, briefly, and not at all for who asks for no motion. Keeps the height of
// those that became shorter. What must not be here: which children.

/** ms */
const GLIDE = 220;

/** Where the children with an id are now, from the top of the list. @param {Element} list @returns {Map<string, DOMRect>} */
export function places(list) {
  const { top } = list.getBoundingClientRect();
  return new Map([...list.children].map((child) => [child.id, from(child.getBoundingClientRect(), top)]));
}

/** @param {DOMRect} box @param {number} top */
function from(box, top) {
  return new DOMRect(box.x, box.y - top, box.width, box.height);
}

/**
 * Children that match become no shorter than they were: what stands below them does not move.
 * @param {Element} list
 * @param {Map<string, DOMRect>} before
 * @param {string} matching
 */
export function keepHeights(list, before, matching) {
  for (const child of /** @type {Iterable<HTMLElement>} */ (list.children)) {
    const height = child.matches(matching) ? before.get(child.id)?.height : undefined;
    if (height) child.style.minHeight = `${height}px`;
    else if (child.style.minHeight) child.style.removeProperty('min-height');
  }
}

/** @param {Element} list @param {Map<string, DOMRect>} before */
export function glide(list, before) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const now = places(list);
  for (const child of list.children) {
    const was = before.get(child.id)?.y;
    const is = now.get(child.id)?.y;
    if (was === undefined || is === undefined) {
      if (before.size) child.animate([{ opacity: 0 }, { opacity: 1 }], { duration: GLIDE });
    } else if (was !== is) {
      child.animate([{ transform: `translateY(${was - is}px)` }, { transform: 'none' }], { duration: GLIDE, easing: 'ease-out' });
    }
  }
}
