// The layouts of a programme: which picture stands where. Places are parts of the whole, from 0 to 1. Pure.
// What must not be here: the canvas, the page.

/**
 * @typedef {'room'|'screen'|'inset'|'title'|'question'|'slate'} Layout
 * @typedef {{id: string, x: number, y: number, w: number, h: number}} Tile
 * @typedef {{width: number, height: number, fps: number, kbits: number}} Size
 */

/** The picture of the room, and that of a window or a screen which is shown. */
export const ROOM = 'room';
export const SHARED = 'screen';

/** In the order of their keys, 1 to 6. @type {Layout[]} */
export const LAYOUTS = ['room', 'screen', 'inset', 'title', 'question', 'slate'];

/** What a programme may measure. A device that draws without a graphics processor holds the second. @type {Record<string, Size>} */
export const SIZES = {
  '720p25': { width: 1280, height: 720, fps: 25, kbits: 3_000 },
  '360p15': { width: 640, height: 360, fps: 15, kbits: 900 },
};

/** Part of the whole that the inset takes, and its distance from the edge. */
const INSET = 0.28;
const EDGE = 0.03;
/** Part that a picture takes beside a question. */
const BESIDE = 0.34;

/** @param {string} key @returns {Layout|null} */
export function layoutOf(key) {
  return LAYOUTS[Number(key) - 1] ?? null;
}

/**
 * Where the pictures stand, the lowest first. One that is not there leaves its place to the other.
 * @param {Layout} layout
 * @param {Set<string>} present  Ids of the pictures there are.
 * @returns {Tile[]}
 */
export function tiles(layout, present) {
  const large = layout === 'room' || (layout === 'inset' && !present.has(SHARED)) ? ROOM : SHARED;
  if (layout === 'room' || layout === 'screen') return [whole(large)].filter(({ id }) => present.has(id));
  if (layout === 'inset') {
    const small = { id: ROOM, x: 1 - INSET - EDGE, y: 1 - INSET - EDGE, w: INSET, h: INSET };
    return (large === ROOM ? [whole(ROOM)] : [whole(SHARED), small]).filter(({ id }) => present.has(id));
  }
  if (layout === 'question' && present.has(ROOM)) return [{ id: ROOM, x: 1 - BESIDE - EDGE, y: 0.5 - BESIDE / 2, w: BESIDE, h: BESIDE }];
  return [];
}

/** @param {string} id @returns {Tile} */
function whole(id) {
  return { id, x: 0, y: 0, w: 1, h: 1 };
}

/**
 * A picture inside its place, whole and undistorted: a tall one has edges, no face is cut.
 * @param {{x: number, y: number, w: number, h: number}} box
 * @param {number} width  Of the picture.
 * @param {number} height
 */
export function contain({ x, y, w, h }, width, height) {
  if (!(width > 0) || !(height > 0)) return { x, y, w: 0, h: 0 };
  const scale = Math.min(w / width, h / height);
  return { x: x + (w - width * scale) / 2, y: y + (h - height * scale) / 2, w: width * scale, h: height * scale };
}

/**
 * Text in lines no wider than `most`; a word that is wider than a line is cut.
 * @param {string} text
 * @param {number} most
 * @param {(text: string) => number} measure
 * @returns {string[]}
 */
export function lines(text, most, measure) {
  /** @type {string[]} */
  const found = [];
  let line = '';
  for (const word of text.split(/[ \n\t]+/).filter(Boolean).flatMap((one) => cut(one, most, measure))) {
    const longer = line ? `${line} ${word}` : word;
    if (line && measure(longer) > most) {
      found.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...found, line] : found;
}

/** @param {string} word @param {number} most @param {(text: string) => number} measure @returns {string[]} */
function cut(word, most, measure) {
  const letters = [...word];
  if (letters.length < 2 || measure(word) <= most) return [word];
  let n = letters.length - 1;
  while (n > 1 && measure(letters.slice(0, n).join('')) > most) n--;
  return [letters.slice(0, n).join(''), ...cut(letters.slice(n).join(''), most, measure)];
}

/**
 * The largest size, between two, at which a text of lines fits into a height.
 * @param {number} least @param {number} most @param {(size: number) => number} heightAt
 */
export function largest(least, most, heightAt, limit = Infinity) {
  for (let size = most; size > least; size -= Math.max(1, size * 0.04)) if (heightAt(size) <= limit) return size;
  return least;
}
