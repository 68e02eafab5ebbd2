// Where in a recording each question was asked: from the hour at which it went on stage. Pure.
// What must not be here: the video, requests, words.

/** @typedef {{began: string, at: number, seconds: number}} Span  A stretch without a hole: what was on at `began` is at second `at`. */
/** @typedef {{id: string, at: number, text: string, language: string}} Chapter */

/**
 * The second of the recording at which something was on; null where it was not recorded.
 * @param {Span[]} spans
 * @param {string} moment  RFC 3339
 */
export function placeOf(spans, moment) {
  const now = Date.parse(moment);
  for (const { began, at, seconds } of spans) {
    const into = (now - Date.parse(began)) / 1000;
    if (into >= 0 && into < seconds) return at + into;
  }
  return null;
}

/** A place in a recording as hours, minutes and seconds: 1:02:09, 4:07. @param {number} seconds */
export function stamp(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, '0')];
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/**
 * The questions that were asked aloud, in the order of the recording.
 * @param {Record<string, import('./tables.js').Item>} items
 * @param {Span[]} spans
 * @returns {Chapter[]}
 */
export function chapters(items, spans) {
  const found = [];
  for (const { id, text, language, status, staged_at } of Object.values(items)) {
    const at = staged_at && (status === 'on_stage' || status === 'answered') ? placeOf(spans, staged_at) : null;
    if (at !== null) found.push({ id, at, text, language });
  }
  return found.sort((one, other) => one.at - other.at);
}
