// Keeps the page of a hall, or of a desk at the door, on the device, so that it opens again while the line is down: the page, what it loaded, and the last state of its session.
// Where a browser cannot, nothing is kept: no harm. What must not be here: what is shown, the outbox.

/** The state is written down at most this often, in ms. */
const EVERY = 5_000;

/**
 * The page as it is now, with everything it loaded; what was kept before goes.
 * @param {string} [scope]  Its path. @param {string[]} [more]  Addresses of what it will load when it is needed.
 */
export async function keepPage(scope = '/hub', more = []) {
  try {
    await navigator.serviceWorker.register('/hub-worker.js', { scope });
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /^\/(assets\/|theme\.css)/.test(new URL(name).pathname));
    const wanted = new Set([location.href.split('#')[0] ?? '', ...loaded, ...more]);
    const cache = await caches.open(`tablee-${scope.slice(1)}`);
    await Promise.all([...wanted].map(async (address) => {
      if (address !== location.href.split('#')[0] && (await cache.match(address, { ignoreVary: true }))) return;
      const answer = await fetch(address);
      if (answer.ok && !answer.redirected) await cache.put(address, answer);
    }));
    for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
  } catch {
    // No service workers here, or the line went: the page lives as long as it is open.
  }
}

/** @typedef {{live: import('../state/types.js').Live|null, people: number, confirmed: boolean}} Known */

export class KeptState {
  /** @param {Pick<Storage, 'getItem'|'setItem'|'removeItem'>} drawer @param {string} owner @param {string} session @param {string} version  Of the scripts: another one may see it otherwise. */
  constructor(drawer, owner, session, version) {
    this.drawer = drawer;
    this.key = `tablee.hall.${owner}`;
    this.label = `${session} ${version}`;
    this.last = 0;
  }

  /** @returns {Known|null} */
  read() {
    try {
      const { label, known } = JSON.parse(this.drawer.getItem(this.key) ?? '{}');
      return label === this.label ? known : null;
    } catch {
      return null;
    }
  }

  /** @param {Known} known @param {number} now  Infinity: at once, whatever was written before. */
  keep(known, now) {
    if (!known.live || now - this.last < EVERY) return;
    this.last = Number.isFinite(now) ? now : 0;
    try {
      this.drawer.setItem(this.key, JSON.stringify({ label: this.label, known }));
    } catch {
      // Full or forbidden: then the list comes with the line.
    }
  }
}
