// What pages make of seats at the table: who is connected, who is on air, in which order they stand. Pure.
// What must not be here: words, the page, calls.

/** @typedef {import('./types.js').Seat} Seat */

/** They hold a place at the table. @type {string[]} */
export const CONNECTED = ['checking', 'ready', 'on_air', 'lost'];
/** They have not ended. @type {string[]} */
const STANDING = ['invited', ...CONNECTED];
/** In a list: what asks for a decision first. @type {string[]} */
const ORDER = ['on_air', 'ready', 'lost', 'checking', 'invited', 'expired', 'declined', 'left', 'removed'];

/** @param {Seat} seat */
export const connected = (seat) => CONNECTED.includes(seat.state);
/** @param {Seat} seat */
export const standing = (seat) => STANDING.includes(seat.state);
/** Whether a picture of them may be shown. @param {{voice_only: boolean, no_picture?: boolean}} seat */
export const pictured = (seat) => !seat.voice_only && !seat.no_picture;

/** @param {Record<string, Seat>|undefined} seats @returns {Seat[]}  As a list shows them; those that went are left out. */
export function listed(seats) {
  const shown = Object.values(seats ?? {}).filter((seat) => standing(seat) || seat.state === 'expired');
  return shown.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (a.since < b.since ? -1 : 1));
}

/** Those who are seen and heard, who came first before. @param {Record<string, Seat>|undefined} seats */
export function onAir(seats) {
  return Object.values(seats ?? {}).filter(({ state }) => state === 'on_air').sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : a.id < b.id ? -1 : 1));
}

/** Whether it is theirs to be heard: interpreters are not. @param {Seat} seat */
export const speaks = ({ kind }) => kind === 'guest' || kind === 'speaker';
/** Who speaks: seen in layouts that have people, heard. @param {Record<string, Seat>|undefined} seats */
export const speakers = (seats) => onAir(seats).filter(speaks);
/** Who interprets into sign language: seen in every layout, beside the others. @param {Record<string, Seat>|undefined} seats */
export const signers = (seats) => onAir(seats).filter(({ kind }) => kind === 'signer');

/** Whether they interpret by voice: heard in a sound of their own alone. @param {Seat} seat */
export const interprets = ({ kind }) => kind === 'voice_interpreter';

/** Whole seconds until an invitation ends. @param {Seat} seat @param {number} now */
export function secondsLeft(seat, now) {
  return Math.max(0, Math.ceil((Date.parse(seat.expires_at) - now) / 1000));
}

/**
 * How good a line is, in a word.
 * @param {{roundTrip: number, lost: number}} measured  In ms; a part of one.
 * @returns {'good'|'slow'|'thin'}
 */
export function quality({ roundTrip, lost }) {
  if (lost > 0.05) return 'thin';
  return roundTrip > 400 ? 'slow' : 'good';
}
