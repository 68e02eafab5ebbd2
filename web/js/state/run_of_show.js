// The run of show as the operator reads it: days, in each its places (a stage, a hall), in each what is on, what comes, what is over; how
// long it has been going and how long it will. Pure: the moment is a value. What must not be here: words, the page, requests.

/** @typedef {import('./tables.js').Progress} Progress */
/** @typedef {{starts_at: string|null, ends_at: string|null}} Span */

/**
 * @typedef {object} Slot  One session of the running order.
 * @property {string} session
 * @property {string|null} label
 * @property {string} title
 * @property {string} language  '' not known.
 * @property {string} kind
 * @property {string|null} stage
 * @property {string|null} room
 * @property {string|null} date  The day it is printed under.
 * @property {Span} printed
 * @property {string|null} starts_at  What really was, or is expected now.
 * @property {string|null} ends_at
 * @property {Progress} progress
 * @property {boolean} moved
 * @property {boolean} by_hand
 * @property {number} late_minutes
 * @property {boolean} questions
 */
/** @typedef {{version: number, at: string, timezone: string, slots: Slot[], undo: boolean}} Order */
/** @typedef {{id: string, name: string, room?: string|null}} Place */
/** @typedef {{stages: Place[], rooms: Place[], rehearsal: boolean}} Places */
/** @typedef {{id: string, name: string, slots: Slot[], on: Slot[], next: Slot|null, over: Slot[], late: number}} Column */
/** @typedef {{day: string, columns: Column[], slots: Slot[]}} Day */

/**
 * The place a session is shown under: its stage, else its hall (that of a stage is the stage), else everywhere (''), as the breaks are.
 * @param {Slot} slot
 * @param {Place[]} stages
 */
export function placeOf(slot, stages) {
  if (slot.stage) return slot.stage;
  if (slot.kind === 'break') return '';
  return stages.find((stage) => stage.room && stage.room === slot.room)?.id ?? slot.room ?? '';
}

/**
 * @param {Order} order
 * @param {Place[]} stages
 * @param {Place[]} rooms
 * @returns {Day[]}  In order; sessions without a date last, under the day ''.
 */
export function days(order, stages, rooms) {
  /** @type {Map<string, Slot[]>} */
  const found = new Map();
  for (const slot of order.slots) {
    const day = slot.date ?? '';
    found.set(day, [...(found.get(day) ?? []), slot]);
  }
  const named = [...found.keys()].filter(Boolean).sort();
  return [...named, ...(found.has('') ? [''] : [])].map((day) => {
    const slots = found.get(day) ?? [];
    return { day, slots, columns: columns(slots, stages, rooms) };
  });
}

/**
 * What has no place of its own (a break for all) stands in the only column there is, or in one of its own.
 * @param {Slot[]} slots @param {Place[]} stages @param {Place[]} rooms @returns {Column[]}
 */
function columns(slots, stages, rooms) {
  const places = slots.map((slot) => placeOf(slot, stages));
  const own = [...new Set(places)].filter(Boolean);
  const lone = own.length === 1 ? own[0] : undefined;
  const order = [...stages, ...rooms].map(({ id }) => id);
  const ids = [...new Set(places.map((place) => place || lone || ''))].sort((a, b) => rank(order, a) - rank(order, b));
  return ids.map((id) => {
    const name = [...stages, ...rooms].find((place) => place.id === id)?.name ?? id;
    return column(id, name, slots.filter((_, n) => (places[n] || lone || '') === id));
  });
}

/** @param {string[]} order @param {string} id */
function rank(order, id) {
  const at = order.indexOf(id);
  return at < 0 ? order.length + (id ? 0 : 1) : at;
}

/** @param {string} id @param {string} name @param {Slot[]} slots @returns {Column} */
function column(id, name, slots) {
  const sorted = [...slots].sort(byHour);
  const on = sorted.filter((slot) => slot.progress === 'on');
  const next = sorted.find((slot) => slot.progress === 'upcoming') ?? null;
  const over = sorted.filter((slot) => slot.progress === 'over');
  return { id, name, slots: sorted, on, next, over, late: Math.max(0, ...on.map(({ late_minutes }) => late_minutes), next?.late_minutes ?? 0) };
}

/** As expected now; what has no hour keeps its place at the end. @param {Slot} a @param {Slot} b */
function byHour(a, b) {
  const [one, other] = [a, b].map((slot) => (slot.starts_at ? Date.parse(slot.starts_at) : Number.POSITIVE_INFINITY));
  return one === other ? 0 : (one ?? 0) - (other ?? 0);
}

/**
 * Where a session is in its time, in ms: since its start, until its end (negative: past it), until its start; null: not known.
 * @param {Slot} slot
 * @param {number} now
 */
export function timing(slot, now) {
  const start = slot.starts_at ? Date.parse(slot.starts_at) : null;
  const end = slot.ends_at ? Date.parse(slot.ends_at) : null;
  const on = slot.progress === 'on';
  return {
    elapsed: on && start !== null ? Math.max(0, now - start) : null,
    remaining: on && end !== null ? end - now : null,
    until: slot.progress === 'upcoming' && start !== null ? start - now : null,
  };
}

/** Hours, minutes and seconds of a duration, without its sign. @param {number} ms */
export function stopwatch(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  return { h: Math.floor(seconds / 3600), m: Math.floor(seconds / 60) % 60, s: seconds % 60 };
}

/** Whose questions come after a session's, in its place; null: nobody's. @param {Column[]} columns @param {string} id @returns {Slot|null} */
export function asksNext(columns, id) {
  const slots = columns.map((column) => column.slots).find((some) => some.some(({ session }) => session === id)) ?? [];
  const place = slots.findIndex(({ session }) => session === id);
  return slots.slice(place + 1).find(({ questions, progress }) => questions && progress !== 'over' && progress !== 'cancelled') ?? null;
}

/** The day that is open when the page comes: today, else the next one there is, else the last. @param {Day[]} found @param {string} today */
export function openDay(found, today) {
  const named = found.filter(({ day }) => day);
  return named.find(({ day }) => day >= today)?.day ?? named.at(-1)?.day ?? found[0]?.day ?? '';
}

/**
 * An hour of the clock as people type it, as the interface takes it; null when it is none.
 * @param {string} typed  `10:30`, `10h30`, `10 h 30`, `10.30`, `1030`, `10`.
 */
export function hourTyped(typed) {
  const found = /^\s*(\d{1,2})\s*(?:[:h.]\s*)?(\d{2})?\s*$/iu.exec(typed);
  const [hours, minutes] = [Number(found?.[1] ?? 25), Number(found?.[2] ?? 0)];
  if (hours > 24 || minutes > 59 || (hours === 24 && minutes)) return null;
  return `${String(hours % 24).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
