// The list of today's tickets, kept on the device: every line is sealed under its ticket's own code, so that the device alone tells nobody.
// docs/interfaces.md says how. What must not be here: what a scan comes to (state/door.js).

/** @typedef {import('../state/door.js').SealedList} SealedList */
/** @typedef {import('../state/door.js').Guest} Guest */

const CACHE = 'tablee-door-list';
const ADDRESS = '/api/registration/door/list';
const NONCE = 12;
const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
const fromBase64 = (/** @type {string} */ text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const hex = (/** @type {ArrayBuffer} */ found) => [...new Uint8Array(found)].map((one) => one.toString(16).padStart(2, '0')).join('');

export class DoorList {
  /** @param {{caches?: CacheStorage, subtle?: SubtleCrypto}} given  Where a browser has them: pages of an unsafe address have neither. */
  constructor({ caches, subtle }) {
    this.caches = caches;
    this.subtle = subtle;
    /** @type {SealedList|null} */
    this.list = null;
  }

  /** What was kept. @param {string} event */
  async restore(event) {
    try {
      const kept = await (await this.caches?.open(CACHE))?.match(ADDRESS);
      const list = kept ? await kept.json() : null;
      if (list?.event === event) this.list = list;
    } catch {
      // nothing is kept here: the list comes with the line
    }
    return this.list;
  }

  /** A fresh one, kept for when the line is down. @param {import('./api.js').Api} api */
  async refresh(api) {
    /** @type {SealedList} */
    const list = await api.get(ADDRESS);
    this.list = list;
    try {
      const answer = new Response(JSON.stringify(list), { headers: { 'Content-Type': 'application/json' } });
      await (await this.caches?.open(CACHE))?.put(ADDRESS, answer);
    } catch {
      // full or forbidden: it lives as long as the page
    }
    return list;
  }

  get size() {
    return Object.keys(this.list?.people ?? {}).length;
  }

  /** The index of a code, and who it is, null when it is not in the list. @param {string} code  As `plainCode`. @returns {Promise<{index: string, person: Guest|null}>} */
  async open(code) {
    const { subtle, list } = this;
    if (!subtle || !list) return { index: '', person: null };
    const secret = await subtle.importKey('raw', bytes(code), 'HKDF', false, ['deriveBits', 'deriveKey']);
    const hkdf = (/** @type {string} */ info) => ({ name: 'HKDF', hash: 'SHA-256', salt: fromBase64(list.salt), info: bytes(info) });
    const place = await subtle.deriveBits(hkdf('tablee ticket index'), secret, 128);
    const index = hex(place);
    const sealed = list.people[index];
    if (!sealed) return { index, person: null };
    const key = await subtle.deriveKey(hkdf('tablee ticket key'), secret, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
    const whole = fromBase64(sealed);
    const text = await subtle.decrypt({ name: 'AES-GCM', iv: whole.slice(0, NONCE), additionalData: place }, key, whole.slice(NONCE));
    return { index, person: JSON.parse(new TextDecoder().decode(text)) };
  }
}
