// Tells the styles how much of the screen is covered at its edges by what sticks there, so that the keyboard never leads under it
// (WCAG 2.2, 2.4.11). What must not be here: which elements.

/**
 * @param {Record<string, Element[]>} edges  Custom property → what sticks at that edge, one below the other.
 */
export function measureEdges(edges) {
  const measure = () => {
    for (const [name, elements] of Object.entries(edges)) {
      const sticky = elements.filter((one) => getComputedStyle(one).position === 'sticky');
      const height = sticky.reduce((sum, one) => sum + one.getBoundingClientRect().height, 0);
      document.documentElement.style.setProperty(name, `${Math.ceil(height)}px`);
    }
  };
  const watch = new ResizeObserver(measure);
  for (const one of Object.values(edges).flat()) watch.observe(one);
  addEventListener('resize', measure);
  measure();
}
