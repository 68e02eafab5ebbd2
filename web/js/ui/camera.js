// The page of whoever points a camera: what is sent, from where, how loud it is, how the line is. What must not be here: requests.

import { html, nothing } from 'lit';
import { why } from '../net/problem.js';
import { Whip } from '../net/whip.js';
import { deviceTrouble, line } from '../state/camera.js';
import { announce } from './announce.js';
import { deviceChoices } from './device_choices.js';
import { Awake, picture, possible, sound } from './devices.js';
import { LiveElement, define } from './live_element.js';
import { SoundMeter } from './sound_meter.js';
import { t } from '../i18n.js';

/** ms between two looks at what was sent. */
const LOOK = 2_000;
/** What a state is marked by (badges.css). @type {Record<string, string>} */
const MARKS = { sending: 'live', connecting: 'waiting', lost: 'refused', refused: 'refused', idle: 'quiet' };

class Camera extends LiveElement {
  static properties = { devices: { state: true }, trouble: { state: true }, state: { state: true }, line: { state: true }, from: { state: true } };

  constructor() {
    super();
    /** @type {(sdp: string) => Promise<{sdp: string, where: string}>} */
    this.offer = () => Promise.reject(new Error('not ready'));
    /** @type {(where: string) => Promise<unknown>} */
    this.end = () => Promise.resolve();
    /** @type {MediaDeviceInfo[]} */
    this.devices = [];
    /** @type {{video: MediaStreamTrack|null, audio: MediaStreamTrack|null}} */
    this.tracks = { video: null, audio: null };
    this.from = { video: '', audio: '', kind: /** @type {import('./devices.js').SoundKind} */ ('laptop') };
    this.trouble = possible() ? '' : 'camera.device.insecure';
    /** @type {import('../net/whip.js').WhipState} */
    this.state = 'idle';
    this.line = line(null, { bytes: 0, at: 0, frames: 0, limited: '' }, true);
    /** @type {import('../state/camera.js').Sample|null} */
    this.sample = null;
    this.awake = new Awake();
    this.meter = new SoundMeter((level) => this.querySelector('.camera__level rect:last-child')?.setAttribute('width', String(level * 60)));
    /** @type {Whip|null} */
    this.whip = null;
  }

  connectedCallback() {
    super.connectedCallback();
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#list());
    addEventListener('pagehide', () => this.whip?.stop());
    addEventListener('beforeunload', (event) => this.state === 'idle' || event.preventDefault());
    setInterval(() => this.#look(), LOOK);
    this.#list();
  }

  render() {
    const sends = this.state !== 'idle' && this.state !== 'refused';
    const ready = Boolean(this.tracks.video || this.tracks.audio);
    return html`<video class="camera__picture" muted playsinline autoplay aria-label=${t('camera.preview')}></video>
      <p class="camera__state" role="status"><span class="badge badge--${MARKS[this.state]}">${t(`camera.state.${this.state}`)}</span>
        ${this.state === 'sending' ? html`<span class="small num">${t(`camera.line.${this.line.word}`, { ...this.line })}</span>` : nothing}</p>
      ${this.trouble ? html`<p class="note note--error" role="alert">${t(this.trouble)}</p>` : nothing}
      ${this.state === 'refused' ? html`<p class="note note--error" role="alert">${why(this.whip?.failure)}</p>` : nothing}
      <div class="camera__choices">
        ${deviceChoices(this.devices, this.from, (what, value) => this.#choose(what, value))}
      </div>
      <svg class="level camera__level" viewBox="0 0 60 4" preserveAspectRatio="none" role="img" aria-label=${t('camera.level')}><rect class="level__all" width="60" height="4"></rect><rect class="level__now" width="0" height="4"></rect></svg>
      <div class="buttons">
        ${ready ? nothing : html`<button type="button" class="button button--primary" ?disabled=${!possible()} @click=${() => this.#open()}>${t('camera.open')}</button>`}
        ${ready ? html`<button type="button" class="button ${sends ? 'button--danger' : 'button--primary'}" @click=${() => (sends ? this.#stop() : this.#send())}>${t(sends ? 'camera.stop' : 'camera.send')}</button>` : nothing}
      </div>`;
  }

  async #list() {
    this.devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  }

  /** @param {'video'|'audio'|'kind'} what @param {string} value */
  #choose(what, value) {
    this.from = { ...this.from, [what]: value };
    if (this.tracks.video || this.tracks.audio) this.#take(what === 'kind' ? 'audio' : what);
  }

  async #open() {
    await this.#take('video');
    await this.#take('audio');
    await this.#list();
  }

  /** What stood before stays when the new one cannot be had. @param {'video'|'audio'} what */
  async #take(what) {
    try {
      const track = await (what === 'video' ? picture(this.from.video) : sound(this.from.audio, this.from.kind));
      this.tracks[what]?.stop();
      this.tracks[what] = track;
      this.trouble = '';
      track?.addEventListener('ended', () => this.#gone(what, track));
      if (what === 'audio') this.meter.listen(track);
      else /** @type {HTMLVideoElement} */ (this.querySelector('video')).srcObject = track && new MediaStream([track]);
      await this.whip?.swap(what, track);
    } catch (failure) {
      this.trouble = deviceTrouble(/** @type {Error} */ (failure).name);
    }
    this.requestUpdate();
  }

  /** Taken away, or its permission was. @param {'video'|'audio'} what @param {MediaStreamTrack} track */
  #gone(what, track) {
    if (this.tracks[what] !== track) return;
    this.tracks[what] = null;
    this.trouble = `camera.gone.${what}`;
    this.requestUpdate();
  }

  #send() {
    this.whip?.stop();
    this.whip = new Whip(this.offer, this.end);
    this.whip.addEventListener('change', () => this.#changed());
    this.whip.start(Object.values(this.tracks).filter((track) => track !== null));
  }

  #stop() {
    this.whip?.stop();
    this.whip = null;
    this.#changed();
  }

  #changed() {
    const state = this.whip?.state ?? 'idle';
    if (state !== this.state) announce(t(`camera.state.${state}`));
    this.state = state;
    this.awake.keep(state !== 'idle' && state !== 'refused');
  }

  async #look() {
    if (this.state !== 'sending') return;
    const sample = { bytes: 0, frames: 0, limited: '', at: performance.now() };
    (await this.whip?.connection?.getStats())?.forEach((/** @type {any} */ one) => {
      if (one.type !== 'outbound-rtp') return;
      sample.bytes += one.bytesSent;
      sample.frames += one.framesSent ?? 0;
      sample.limited ||= one.qualityLimitationReason ?? '';
    });
    this.line = line(this.sample, sample, Boolean(this.tracks.video));
    this.sample = sample;
  }
}

define('tablee-camera', Camera);
