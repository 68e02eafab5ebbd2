// What this device remembers for the next time. Where storage is forbidden nothing is kept: no harm.
// What must not be here: anything that names a person.

/** @param {string} name @returns {string|null} */
export function kept(name) {
  try {
    return localStorage.getItem(`tablee.${name}`);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function keep(name, value) {
  try {
    localStorage.setItem(`tablee.${name}`, value);
  } catch {
    // Not kept.
  }
}

/** Where things are kept for the next time, to be given to who keeps them; where that is forbidden it takes nothing, and says so. */
export function drawer() {
  try {
    return localStorage;
  } catch {
    const refuse = () => { throw new Error('storage is forbidden'); };
    return { length: 0, key: () => null, getItem: () => null, removeItem: () => {}, setItem: refuse };
  }
}

/** The volume of last time. @param {HTMLVideoElement} video @returns {boolean}  Whether a page may set it here. */
export function setVolume(video) {
  const loud = Number.parseFloat(kept('volume') ?? '1');
  video.volume = 0.5;
  const sets = video.volume === 0.5;
  video.volume = loud >= 0 && loud <= 1 ? loud : 1;
  return sets;
}

/** The choice of last time; where the device asks to save data, the small picture.
 * @param {import('../net/source.js').Quality[]} known @returns {import('../net/source.js').Quality} */
export function keptQuality(known) {
  const last = known.find((one) => one === kept('quality'));
  const connection = /** @type {{saveData?: boolean}|undefined} */ (/** @type {any} */ (navigator).connection);
  return last ?? (connection?.saveData ? 'low' : 'auto');
}
