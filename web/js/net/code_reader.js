// Reads QR codes from a camera: by the browser's own reader where it has one, else by a library that comes when it is needed first.
// What must not be here: what a code means, how the picture is shown.

/** A picture is looked at so often, in ms: a phone stays cool, and a hand does not wait. */
const EVERY = 140;
/** The library looks at a picture of so many pixels across, at most. */
const ACROSS = 720;

/** @typedef {(picture: HTMLVideoElement) => Promise<string>} Reader  The text of a code, '' where there is none. */

/** @returns {Promise<Reader>} */
export async function codeReader() {
  const Native = /** @type {any} */ (globalThis).BarcodeDetector;
  if (Native && (await Native.getSupportedFormats().catch(() => [])).includes('qr_code')) {
    const detector = new Native({ formats: ['qr_code'] });
    return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? '';
  }
  const { default: decode } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const drawing = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  return async (picture) => {
    const scale = Math.min(1, ACROSS / picture.videoWidth);
    canvas.width = Math.round(picture.videoWidth * scale);
    canvas.height = Math.round(picture.videoHeight * scale);
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
    try {
      return decode(drawing.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return ''; // it says by an error that there is none
    }
  };
}

/**
 * Looks until `signal` is aborted. @param {HTMLVideoElement} picture @param {Reader} read @param {(text: string) => void} found @param {AbortSignal} signal
 */
export async function watchFor(picture, read, found, signal) {
  while (!signal.aborted) {
    const text = picture.videoWidth ? await read(picture).catch(() => '') : '';
    if (text && !signal.aborted) found(text);
    await new Promise((done) => setTimeout(done, EVERY));
  }
}
