// The picture of a programme: pictures and cards on a canvas, drawn at the pace of a clock of its own, and what leaves it as a track.
// It owns its clock, the videos of its pictures and the track, until `close`. What must not be here: devices, words, sending.

import { asset } from '../net/assets.js';
import { SIGNING, contain, tiles, withSigners } from '../state/layouts.js';
import { paintPerson } from './programme_people.js';
import { letters, paintCard, paintLower, theme } from './programme_cards.js';

/** @typedef {import('../state/layouts.js').Layout} Layout */
/** @typedef {import('./programme_cards.js').Card} Card */
/** @typedef {import('./programme_cards.js').Lower} Lower */
/** @typedef {Map<string, Lower & {pictured: boolean}>} People  Those on air, by seat, in order. */
/** @typedef {{layout: Layout, cards: Partial<Record<Layout, Card>>, lower: Lower|null, people: People, author: string, signers: People, signing: number}} Scene  `signing`: part of the width that an interpreter takes. */

/** Behind pictures, and beside those that are no 16:9. */
const GROUND = '#1c1b19';
/** Layouts that carry the name of who speaks. */
const NAMED = ['room', 'inset'];

export class Programme {
  /** @param {HTMLCanvasElement} canvas @param {import('../state/layouts.js').Size} size */
  constructor(canvas, size) {
    this.canvas = canvas;
    this.size = size;
    canvas.width = size.width;
    canvas.height = size.height;
    this.pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    /** @type {Map<string, HTMLVideoElement>} */
    this.videos = new Map();
    /** @type {Scene} */
    this.scene = { layout: 'slate', cards: {}, lower: null, people: new Map(), author: '', signers: new Map(), signing: SIGNING.usual };
    /** @type {OffscreenCanvas|null} */
    this.painted = null;
    this.paintedFor = '';
    this.look = theme();
    this.drawn = 0;
    this.clock = new Worker(asset('js/workers/clock.js'));
    this.clock.onmessage = () => this.#draw();
    this.clock.postMessage(1000 / size.fps);
    this.track = /** @type {MediaStreamTrack} */ (canvas.captureStream(size.fps).getVideoTracks()[0]);
    this.track.contentHint = 'motion';
    letters(this.look).then(() => { this.paintedFor = ''; });
    this.#draw();
  }

  /** A picture under its name, or none. @param {string} id @param {MediaStream|null} stream */
  place(id, stream) {
    this.#forget(id);
    if (!stream) return;
    const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true, srcObject: stream });
    video.play().catch(() => {}); // ended before it began
    this.videos.set(id, video);
  }

  /** @param {Scene} scene */
  show(scene) {
    this.scene = scene;
    this.#draw();
  }

  close() {
    this.clock.terminate();
    this.track.stop();
    [...this.videos.keys()].forEach((id) => this.#forget(id));
  }

  /** @param {string} id */
  #forget(id) {
    const video = this.videos.get(id);
    this.videos.delete(id);
    video?.pause();
    if (video) video.srcObject = null;
  }

  #draw() {
    const { pen, size, scene } = this;
    const card = scene.cards[scene.layout];
    const wanted = tiles(scene.layout, { present: new Set(this.videos.keys()), people: [...scene.people.keys()], author: scene.author });
    const { below, over } = withSigners(wanted, [...scene.signers.keys()], scene.signing);
    if (card) pen.drawImage(this.#card(card, wanted.length > 0), 0, 0);
    else {
      pen.fillStyle = GROUND;
      pen.fillRect(0, 0, size.width, size.height);
    }
    for (const tile of below) this.#picture(tile);
    if (scene.lower && NAMED.includes(scene.layout)) paintLower(pen, size.width, size.height, scene.lower, this.look);
    for (const tile of over) this.#picture(tile);
    this.drawn += 1;
  }

  /** @param {import('../state/layouts.js').Tile} tile */
  #picture({ id, x, y, w, h }) {
    const { pen, size, scene } = this;
    const video = this.videos.get(id);
    const signer = scene.signers.get(id);
    const person = signer ?? scene.people.get(id);
    const box = { x: x * size.width, y: y * size.height, w: w * size.width, h: h * size.height };
    const inside = contain(box, video?.videoWidth ?? 0, video?.videoHeight ?? 0);
    if (w < 1) {
      pen.fillStyle = GROUND;
      pen.fillRect(box.x, box.y, box.w, box.h);
    }
    const shown = Boolean(video && inside.w > 0 && video.readyState >= 2 && (!person || person.pictured));
    if (video && shown) pen.drawImage(video, inside.x, inside.y, inside.w, inside.h);
    if (person && !(signer && shown)) paintPerson(pen, box, person, shown, this.look); // no name over hands that speak
  }

  /** @param {Card} card @param {boolean} beside  Whether a picture stands beside it. @returns {OffscreenCanvas} */
  #card(card, beside) {
    const { size, look, scene } = this;
    const wanted = JSON.stringify([scene.layout, card, beside]);
    if (this.painted && wanted === this.paintedFor) return this.painted;
    const painted = this.painted ?? new OffscreenCanvas(size.width, size.height);
    const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (painted.getContext('2d', { alpha: false }));
    const pause = scene.layout === 'slate';
    const colours = pause ? { ground: look.accent, ink: look.onAccent } : { ground: look.paper, ink: look.ink };
    paintCard(pen, size.width, size.height, card, { ...colours, look, part: beside ? 0.63 : 1 });
    this.paintedFor = wanted;
    this.painted = painted;
    return painted;
  }
}

/** Whether this device draws with a graphics processor: without one, a smaller programme. */
export function drawsFast() {
  const gl = document.createElement('canvas').getContext('webgl');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = gl ? String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER)) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return name !== '' && !/swiftshader|llvmpipe|software/i.test(name);
}
