// Somebody at the table in their place of the programme: the name below their picture, or a card with the name where there is none.
// What must not be here: where the place is, pictures.

import { lines } from '../state/layouts.js';

/** @typedef {import('./programme_cards.js').Theme} Theme */

/** Parts of a place: its letters, and those of the card of who has no picture. */
const NAME = 0.075;
const TITLE = 0.05;
const ALONE = 0.13;
const LEADING = 1.2;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{x: number, y: number, w: number, h: number}} box
 * @param {import('./programme_cards.js').Lower} person
 * @param {boolean} pictured
 * @param {Theme} look
 */
export function paintPerson(pen, box, person, pictured, look) {
  if (!pictured) {
    pen.fillStyle = look.accent;
    pen.fillRect(box.x, box.y, box.w, box.h);
  }
  const large = Math.max(10, box.h * (pictured ? NAME : ALONE));
  const small = Math.max(8, box.h * TITLE);
  const pad = large * 0.45;
  const name = set(pen, person.name, box.w - 2 * pad, `650 ${large}px ${look.sans}`).slice(0, pictured ? 1 : 3);
  const title = person.title ? set(pen, person.title, box.w - 2 * pad, `400 ${small}px ${look.sans}`).slice(0, pictured ? 1 : 2) : [];
  const height = name.length * large * LEADING + title.length * small * LEADING + pad;
  const y = pictured ? box.y + box.h - height : box.y + (box.h - height) / 2;
  if (pictured) {
    pen.fillStyle = look.accent;
    pen.fillRect(box.x, y, box.w, height);
  }
  pen.fillStyle = look.onAccent;
  pen.textBaseline = 'top';
  pen.textAlign = 'center';
  pen.direction = 'inherit';
  const middle = box.x + box.w / 2;
  pen.font = `650 ${large}px ${look.sans}`;
  name.forEach((line, index) => pen.fillText(line, middle, y + pad / 2 + index * large * LEADING));
  pen.font = `400 ${small}px ${look.sans}`;
  title.forEach((line, index) => pen.fillText(line, middle, y + pad / 2 + name.length * large * LEADING + index * small * LEADING));
}

/** @param {CanvasRenderingContext2D} pen @param {string} text @param {number} most @param {string} font */
function set(pen, text, most, font) {
  pen.font = font;
  return lines(text, most, (one) => pen.measureText(one).width);
}
