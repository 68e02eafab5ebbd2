// What a page that sends a camera says: of devices that cannot be had, of the line. Values in, names of words out.
// What must not be here: the devices, the page.

/**
 * What was sent until `at` (ms): `limited` says what the browser holds the picture back for (W3C webrtc-stats, qualityLimitationReason).
 * @typedef {{bytes: number, at: number, frames: number, limited: string}} Sample
 */

/** Pictures a second under which movement stutters. */
const SLOW = 12;

/** Why a device is not there (W3C Media Capture and Streams, section 10.2). @param {string} name  Of the error. @returns {string} */
export function deviceTrouble(name) {
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'camera.device.denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'camera.device.none';
  return name === 'NotReadableError' || name === 'AbortError' ? 'camera.device.busy' : 'camera.device.other';
}

/** How sending goes, between two looks. @param {Sample|null} before @param {Sample} now @param {boolean} picture */
export function line(before, now, picture) {
  if (!before || now.at <= before.at) return { kbits: 0, fps: 0, word: 'measuring' };
  const seconds = (now.at - before.at) / 1000;
  const kbits = Math.max(0, Math.round(((now.bytes - before.bytes) * 8) / 1000 / seconds));
  const fps = Math.max(0, Math.round((now.frames - before.frames) / seconds));
  if (picture && now.limited === 'cpu') return { kbits, fps, word: 'busy' };
  return { kbits, fps, word: picture && (now.limited === 'bandwidth' || fps < SLOW) ? 'thin' : 'good' };
}

/**
 * The devices of one kind, with a name for each: without permission they have none.
 * @param {{deviceId: string, kind: string, label: string}[]} devices
 * @param {'videoinput'|'audioinput'} kind
 * @param {(n: number) => string} unnamed
 */
export function choices(devices, kind, unnamed) {
  const those = devices.filter((device) => device.kind === kind && device.deviceId);
  return those.map(({ deviceId, label }, index) => ({ id: deviceId, name: label || unnamed(index + 1) }));
}
