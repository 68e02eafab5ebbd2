// The devices that a programme is made from: a camera, a microphone or a mixing desk, a window that is shown. It owns their tracks.
// What must not be here: where they are drawn, mixed or sent (who listens to 'change').

import { deviceTrouble } from '../state/camera.js';
import { SCREEN, picture, possible, sound } from './devices.js';

/** @typedef {'room'|'screen'|'sound'} Input */

export class Inputs extends EventTarget {
  /** @param {number} [lines]  Of the camera's picture, about. */
  constructor(lines) {
    super();
    this.lines = lines;
    this.from = { video: '', audio: '', kind: /** @type {import('./devices.js').SoundKind} */ ('laptop') };
    /** @type {Record<Input, MediaStreamTrack|null>} */
    this.tracks = { room: null, screen: null, sound: null };
    /** @type {MediaDeviceInfo[]} */
    this.devices = [];
    /** Why one is not there, by the key of its words: a microphone that can be had says nothing about the camera. @type {Record<Input, string>} */
    this.troubles = { sound: possible() ? '' : 'camera.device.insecure', room: '', screen: '' };
    this.opened = false;
    this.ended = new AbortController();
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#list(), { signal: this.ended.signal });
    this.#list();
  }

  /** The first of them; '' for none. */
  get trouble() {
    return Object.values(this.troubles).find(Boolean) ?? '';
  }

  async open() {
    await this.take('room');
    await this.take('sound');
    await this.#list();
  }

  /** @param {'video'|'audio'|'kind'} what @param {string} value */
  async choose(what, value) {
    this.from = { ...this.from, [what]: value };
    if (this.opened) await this.take(what === 'video' ? 'room' : 'sound');
    else this.#tell(null);
  }

  /** What stood before stays when the new one cannot be had. @param {Input} what */
  async take(what) {
    try {
      const track = await this.#ask(what);
      if (this.ended.signal.aborted) return track?.stop();
      this.#set(what, track);
      this.opened ||= what !== 'screen';
      this.troubles[what] = '';
      track?.addEventListener('ended', () => this.#gone(what, track));
    } catch (failure) {
      const { name } = /** @type {Error} */ (failure);
      this.troubles[what] = what === 'screen' && name === 'NotAllowedError' ? '' : deviceTrouble(name); // a window need not be chosen
    }
    return this.#tell(what);
  }

  /** @param {Input} what */
  drop(what) {
    this.#set(what, null);
    this.#tell(what);
  }

  close() {
    this.ended.abort();
    for (const what of /** @type {Input[]} */ (Object.keys(this.tracks))) this.#set(what, null);
  }

  /** @param {Input} what */
  #ask(what) {
    if (what === 'screen') return picture(SCREEN);
    return what === 'room' ? picture(this.from.video, this.lines) : sound(this.from.audio, this.from.kind);
  }

  /** @param {Input} what @param {MediaStreamTrack|null} track */
  #set(what, track) {
    this.tracks[what]?.stop();
    this.tracks[what] = track;
  }

  /** Taken away, or its permission was. @param {Input} what @param {MediaStreamTrack} track */
  #gone(what, track) {
    if (this.tracks[what] !== track) return;
    this.tracks[what] = null;
    this.troubles[what] = what === 'screen' ? '' : `camera.gone.${what === 'room' ? 'video' : 'audio'}`;
    this.#tell(what);
  }

  async #list() {
    this.devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    this.#tell(null);
  }

  /** @param {Input|null} what */
  #tell(what) {
    this.dispatchEvent(new CustomEvent('change', { detail: what }));
  }
}

