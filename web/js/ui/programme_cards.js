// What a programme shows in words: a title, a question, a pause, the name of who speaks. Painted once each, in the colours and letters of the theme.
// What must not be here: when which one is shown, pictures.

import { largest, lines } from '../state/layouts.js';

/** @typedef {CanvasRenderingContext2D|OffscreenCanvasRenderingContext2D} Pen */
/** @typedef {{above: string, text: string, below: string}} Card */
/** @typedef {{name: string, title: string}} Lower */
/** @typedef {{paper: string, ink: string, quiet: string, accent: string, onAccent: string, serif: string, sans: string}} Theme */

/** Letters that are written from right to left. */
const LEFTWARD = /^[^A-Za-z\u00c0-\u024f]*[\u0591-\u07ff\ufb1d-\ufdfd\ufe70-\ufefc]/;
/** Parts of the height: the edge of a card, its small letters, the least and the largest of the others. */
const EDGE = 0.09;
const SMALL = 0.042;
const LEAST = 0.045;
const MOST = 0.15;
const LEADING = 1.18;

/** The colours and letters of the page as they are now. @returns {Theme} */
export function theme() {
  const style = getComputedStyle(document.documentElement);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    paper: read('--paper'), ink: read('--ink'), quiet: read('--ink-quiet'), accent: read('--accent'), onAccent: read('--on-accent'),
    serif: read('--serif'), sans: read('--sans'),
  };
}

/** The letters come before the first card is painted. @param {Theme} look */
export async function letters(look) {
  await Promise.all([`500 40px ${look.serif}`, `400 30px ${look.sans}`, `650 30px ${look.sans}`].map((font) => document.fonts.load(font).catch(() => [])));
}

/**
 * A card as large as the programme.
 * @param {Pen} pen @param {number} width @param {number} height
 * @param {Card} card
 * @param {{ground: string, ink: string, look: Theme, part: number}} how  `part` of the width that is for words: a picture stands beside them.
 */
export function paintCard(pen, width, height, card, { ground, ink, look, part }) {
  const edge = height * EDGE;
  const small = Math.max(12, height * SMALL);
  const most = width * part - 2 * edge;
  const room = height - 2 * edge - (card.above ? small * 2 : 0) - (card.below ? small * 2.2 : 0);
  const at = (/** @type {number} */ size) => wrapped(pen, card.text, most, `500 ${size}px ${look.serif}`);
  const size = largest(height * LEAST, height * MOST, (one) => at(one).length * one * LEADING, room);
  pen.fillStyle = ground;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = ink;
  const text = at(size);
  let y = (height - (text.length * size * LEADING + (card.above ? small * 2 : 0) + (card.below ? small * 2.2 : 0))) / 2;
  if (card.above) y = put(pen, [card.above], { x: edge, y, most, size: small, font: `400 ${small}px ${look.sans}` }) + small * 0.7;
  y = put(pen, text, { x: edge, y, most, size, font: `500 ${size}px ${look.serif}` }) + small;
  if (card.below) put(pen, wrapped(pen, card.below, most, `400 ${small}px ${look.sans}`).slice(0, 2), { x: edge, y, most, size: small, font: `400 ${small}px ${look.sans}` });
}

/** The name of who speaks, at the foot. @param {Pen} pen @param {number} width @param {number} height @param {Lower} lower @param {Theme} look */
export function paintLower(pen, width, height, lower, look) {
  const large = Math.max(15, height * 0.052);
  const small = Math.max(11, height * 0.034);
  const pad = large * 0.6;
  const most = width * 0.7;
  const name = wrapped(pen, lower.name, most, `650 ${large}px ${look.sans}`).slice(0, 1);
  const title = lower.title ? wrapped(pen, lower.title, most, `400 ${small}px ${look.sans}`).slice(0, 2) : [];
  pen.font = `400 ${small}px ${look.sans}`;
  const widest = Math.max(...title.map((one) => pen.measureText(one).width), 0);
  pen.font = `650 ${large}px ${look.sans}`;
  const w = Math.max(pen.measureText(name[0] ?? '').width, widest) + 2 * pad;
  const h = large * LEADING + title.length * small * LEADING + pad;
  const x = height * 0.06;
  const y = height - h - height * 0.06;
  pen.fillStyle = look.accent;
  pen.fillRect(x, y, w, h);
  pen.fillStyle = look.onAccent;
  const next = put(pen, name, { x: x + pad, y: y + pad / 2, most: w - 2 * pad, size: large, font: pen.font });
  put(pen, title, { x: x + pad, y: next, most: w - 2 * pad, size: small, font: `400 ${small}px ${look.sans}` });
}

/** @param {Pen} pen @param {string} text @param {number} most @param {string} font */
function wrapped(pen, text, most, font) {
  pen.font = font;
  return lines(text, most, (one) => pen.measureText(one).width);
}

/** @param {Pen} pen @param {string[]} text @param {{x: number, y: number, most: number, size: number, font: string}} how @returns {number}  Below them. */
function put(pen, text, { x, y, most, size, font }) {
  pen.font = font;
  pen.textBaseline = 'top';
  text.forEach((line, index) => {
    const leftward = LEFTWARD.test(line);
    pen.direction = leftward ? 'rtl' : 'ltr';
    pen.textAlign = leftward ? 'right' : 'left';
    pen.fillText(line, leftward ? x + most : x, y + index * size * LEADING, most);
  });
  return y + text.length * size * LEADING;
}
