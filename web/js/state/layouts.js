// The layouts of a programme: which picture stands where. Places are parts of the whole, from 0 to 1. Pure.
// What must not be here: the canvas, the page.

/**
 * @typedef {'room'|'beside'|'people'|'screen'|'inset'|'title'|'question'|'slate'} Layout
 * @typedef {{id: string, x: number, y: number, w: number, h: number}} Tile
 * @typedef {{present: Set<string>, people: string[], author: string}} Seen  `present`: pictures there are; `people`: seats on air, in order;
 *   `author`: the one of them whose question is asked, '' for none.
 * @typedef {{width: number, height: number, fps: number, kbits: number}} Size
 */

/** The picture of the room, and that of a window or a screen which is shown. */
export const ROOM = 'room';
export const SHARED = 'screen';

/** In the order of their keys, from 1. @type {Layout[]} */
export const LAYOUTS = ['room', 'beside', 'people', 'screen', 'inset', 'title', 'question', 'slate'];

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
/** Part of the whole that the picture of an interpreter into sign language takes: as it is set, and between what. */
export const SIGNING = { least: 0.15, usual: 0.25, most: 0.45 };
/** Between pictures that stand side by side. */
const GAP = 0.008;

/** @param {string} key @returns {Layout|null} */
export function layoutOf(key) {
  return LAYOUTS[Number(key) - 1] ?? null;
}

/**
 * Where the pictures stand, the lowest first. One that is not there leaves its place to the others; people have theirs with a picture or without.
 * @param {Layout} layout
 * @param {Seen} seen
 * @returns {Tile[]}
 */
export function tiles(layout, { present, people, author }) {
  const room = present.has(ROOM) ? [ROOM] : [];
  if (layout === 'room') return side(room);
  if (layout === 'beside') return side([...room, ...people]);
  if (layout === 'people') return side(people.length ? people : room);
  if (layout === 'screen') return side(present.has(SHARED) ? [SHARED] : []);
  if (layout === 'inset') return inset(present.has(SHARED) ? SHARED : (people[0] ?? ''), room[0] ?? '');
  if (layout !== 'question') return [];
  const beside = author || room[0];
  return beside ? [{ id: beside, x: 1 - BESIDE - EDGE, y: 0.5 - BESIDE / 2, w: BESIDE, h: BESIDE }] : [];
}

/**
 * Interpreters into sign language stand over every layout, at the foot, from the right: whoever needs them looks nowhere else. A smaller
 * picture that a layout has on that side goes to the top.
 * @param {Tile[]} below @param {string[]} signers @param {number} size  Part of the width.
 * @returns {{below: Tile[], over: Tile[]}}
 */
export function withSigners(below, signers, size) {
  if (!signers.length) return { below, over: [] };
  const over = signers.map((id, index) => ({ id, x: 1 - (index + 1) * (size + EDGE), y: 1 - size - EDGE, w: size, h: size })).filter(({ x }) => x >= 0);
  const moved = below.map((tile) => (tile.w === INSET || tile.w === BESIDE ? { ...tile, y: EDGE } : tile));
  return { below: moved, over };
}

/** @param {string} large @param {string} small  '' for none. @returns {Tile[]} */
function inset(large, small) {
  if (!large || !small) return side([large || small].filter(Boolean));
  return [...side([large]), { id: small, x: 1 - INSET - EDGE, y: 1 - INSET - EDGE, w: INSET, h: INSET }];
}

/** All alike, in as many rows as make them largest; a last row that is not full stands in the middle. @param {string[]} ids @returns {Tile[]} */
function side(ids) {
  if (ids.length < 2) return ids.map(whole);
  const columns = Math.ceil(Math.sqrt(ids.length));
  const rows = Math.ceil(ids.length / columns);
  const size = 1 / columns;
  return ids.map((id, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, ids.length - row * columns);
    const x = (1 - inRow * size) / 2 + (index % columns) * size;
    return { id, x: x + GAP / 2, y: (1 - rows * size) / 2 + row * size + GAP / 2, w: size - GAP, h: size - GAP };
  });
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
