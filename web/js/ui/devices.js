// Cameras, screens and microphones of this device, as tracks. What must not be here: where they are sent, words.

/** @typedef {'laptop'|'desk'} SoundKind  A laptop's microphone hears its loudspeakers; a mixing desk does not, and is to be left as it is. */

/** The choice beside the cameras. */
export const SCREEN = 'screen';
/** No picture, or no sound. */
export const NONE = 'none';

/** @param {string} id  Of a camera, SCREEN, NONE, or empty for any. @param {number} lines  Of the picture, about. @returns {Promise<MediaStreamTrack|null>} */
export async function picture(id, lines = 720) {
  if (id === NONE) return null;
  const size = { width: { ideal: (lines * 16) / 9 }, height: { ideal: lines }, frameRate: { ideal: 30, max: 30 } };
  const stream = id === SCREEN
    ? await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } } })
    : await navigator.mediaDevices.getUserMedia({ video: { ...size, ...(id ? { deviceId: { exact: id } } : {}) } });
  const track = stream.getVideoTracks()[0] ?? null;
  if (track) track.contentHint = id === SCREEN ? 'detail' : 'motion';
  return track;
}

/** @param {string} id @param {SoundKind} kind @returns {Promise<MediaStreamTrack|null>} */
export async function sound(id, kind) {
  if (id === NONE) return null;
  const cleaned = kind === 'laptop';
  const how = { echoCancellation: cleaned, noiseSuppression: cleaned, autoGainControl: cleaned, channelCount: { ideal: cleaned ? 1 : 2 } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...how, ...(id ? { deviceId: { exact: id } } : {}) } });
  return stream.getAudioTracks()[0] ?? null;
}

/** Whether this page may ask for devices at all: only over https, or on this very machine. */
export const possible = () => 'mediaDevices' in navigator && 'RTCPeerConnection' in window;

/** The screen does not sleep while something is sent; where that cannot be asked for, nothing happens. */
export class Awake {
  constructor() {
    /** @type {WakeLockSentinel|null} */
    this.lock = null;
  }

  /** @param {boolean} wanted */
  async keep(wanted) {
    if (!wanted) {
      this.lock?.release().catch(() => {});
      this.lock = null;
    } else if (!this.lock || this.lock.released) this.lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
  }
}
