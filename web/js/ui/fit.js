// Text as large as its box allows, between a floor and a ceiling. What must not be here: what the text is.

/** Steps of the search: 1/2⁹ of the range is finer than a pixel. */
const STEPS = 9;

/**
 * Sets the font size of `words` to the largest, in px, at which it stays inside `box`.
 * @param {HTMLElement} words
 * @param {HTMLElement} box
 */
export function fit(words, box) {
  let least = Math.max(18, innerHeight * 0.028);
  let most = Math.max(least, Math.min(innerHeight * 0.16, innerWidth * 0.1));
  for (let n = 0; n < STEPS; n++) {
    const size = (least + most) / 2;
    words.style.setProperty('font-size', `${size}px`);
    if (words.scrollHeight <= box.clientHeight && words.scrollWidth <= box.clientWidth) least = size;
    else most = size;
  }
  words.style.setProperty('font-size', `${least}px`);
}
