// What goes out of a programme: one sender (whip.js), and how it goes, looked at every few seconds. It owns both until `close`.
// What must not be here: the page, words.

import { line } from '../state/camera.js';
import { Whip } from './whip.js';

/** ms between two looks at what was sent. */
const LOOK = 2_000;

/** Fires 'change' whenever its state or the measure of its line has changed. */
export class Outgoing extends EventTarget {
  /** @param {ConstructorParameters<typeof Whip>[0]} offer @param {ConstructorParameters<typeof Whip>[1]} end */
  constructor(offer, end) {
    super();
    this.offer = offer;
    this.end = end;
    /** @type {Whip|null} */
    this.whip = null;
    /** @type {import('../state/camera.js').Sample|null} */
    this.sample = null;
    this.line = line(null, { bytes: 0, at: 0, frames: 0, limited: '' }, true);
    this.timer = 0;
  }

  get state() {
    return this.whip?.state ?? 'idle';
  }

  /** Whether something is sent, or is about to be again. */
  get on() {
    return this.state !== 'idle' && this.state !== 'refused';
  }

  /** @param {MediaStreamTrack[]} tracks @param {number} kbits  Most of the picture. */
  send(tracks, kbits) {
    this.stop();
    const whip = (this.whip = new Whip(this.offer, this.end, kbits * 1000));
    whip.addEventListener('change', () => this.whip === whip && this.#tell());
    this.timer = window.setInterval(() => this.#look(whip), LOOK);
    whip.start(tracks);
  }

  stop() {
    clearInterval(this.timer);
    this.whip?.stop();
    this.whip = null;
    this.sample = null;
    this.#tell();
  }

  /** @param {Whip} whip */
  async #look(whip) {
    if (whip.state !== 'sending') return;
    const sample = { bytes: 0, frames: 0, limited: '', at: performance.now() };
    (await whip.connection?.getStats())?.forEach((/** @type {any} */ one) => {
      if (one.type !== 'outbound-rtp') return;
      sample.bytes += one.bytesSent;
      sample.frames += one.framesSent ?? 0;
      sample.limited ||= one.qualityLimitationReason ?? '';
    });
    if (this.whip !== whip) return;
    this.line = line(this.sample, sample, true);
    this.sample = sample;
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}
