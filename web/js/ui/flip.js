// Shows where a thing went: children that changed place glide there, briefly, and not at all for who asks for no motion.
// What must not be here: which children.

/** ms */
const GLIDE = 220;

/** Where the children with an id are now. @param {Element} list @returns {Map<string, number>} */
export function places(list) {
  return new Map([...list.children].map((child) => [child.id, child.getBoundingClientRect().top - list.getBoundingClientRect().top]));
}

/** @param {Element} list @param {Map<string, number>} before */
export function glide(list, before) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const now = places(list);
  for (const child of list.children) {
    const from = before.get(child.id);
    const to = now.get(child.id);
    if (from === undefined || to === undefined) {
      if (before.size) child.animate([{ opacity: 0 }, { opacity: 1 }], { duration: GLIDE });
    } else if (from !== to) {
      child.animate([{ transform: `translateY(${from - to}px)` }, { transform: 'none' }], { duration: GLIDE, easing: 'ease-out' });
    }
  }
}
