// Where a stage's stream is, and hls.js, which plays it: large, so it comes when it is needed. What must not be here: playing.

/** @typedef {typeof import('hls.js').default} HlsClass */

/** Where a browser with its cookie finds a stage, as shared/auth/watch_keys.py says. @param {string} stage */
export const playlistOf = (stage) => `/hls/${encodeURIComponent(stage)}/index.m3u8`;

/** The player comes over the line while the questions, which are small, still wait for their answers. */
export const bringPlayer = () => void hlsClass().catch(() => {});

let tries = 0;

/**
 * A module that did not come is asked for under another address: browsers keep that
 * it failed.
 * @returns {Promise<HlsClass>}
 */
export async function hlsClass() {
  const again = tries ? `${import.meta.resolve('hls.js')}?try=${tries}` : '';
  try {
    return (await (again ? import(again) : import('hls.js'))).default;
  } catch (failure) {
    tries += 1;
    throw failure;
  }
}

