// The studio: the room's devices become one programme, in one of a few layouts, and go out to the stage.
// What must not be here: drawing (programme.js), mixing (programme_sound.js), requests (given as `offer` and `end`).

import { html } from 'lit';
import { Outgoing } from '../net/outgoing.js';
import { why } from '../net/problem.js';
import { factsOf } from '../state/facts.js';
import { ROOM, SHARED, SIZES } from '../state/layouts.js';
import { asked, meaning } from '../state/studio.js';
import { announce } from './announce.js';
import { Awake } from './devices.js';
import { lettersAreKeys } from './desk_help.js';
import { Inputs } from './inputs.js';
import { keep, kept } from './kept.js';
import { LiveElement, define } from './live_element.js';
import { Programme, drawsFast } from './programme.js';
import { ProgrammeSound } from './programme_sound.js';
import { cardsOf, layoutButtons, lowerForm, sending, setUp } from './studio_parts.js';
import { t } from '../i18n.js';

/** ms between two looks at how loud it is. */
const METER = 100;

export class Studio extends LiveElement {
  static properties = { live: { attribute: false }, layout: { state: true }, lower: { state: true }, named: { state: true }, slate: { state: true } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    this.event = '';
    /** @type {import('../state/layouts.js').Layout} */
    this.layout = 'slate';
    /** The name at the foot, and whether it is shown. */
    this.lower = { name: '', title: '' };
    this.named = false;
    this.slate = kept('slate') ?? '';
    this.size = kept('programme') ?? '';
    /** @type {(sdp: string) => Promise<{sdp: string, where: string}>} */
    this.offer = () => Promise.reject(new Error('not ready'));
    /** @type {(where: string) => Promise<unknown>} */
    this.end = () => Promise.resolve();
    this.inputs = new Inputs();
    this.outgoing = new Outgoing((sdp) => this.offer(sdp), (where) => this.end(where));
    /** @type {Programme|null} */
    this.programme = null;
    /** Made when a microphone is first turned on: browsers want a press before. @type {ProgrammeSound|null} */
    this.sound = null;
    this.awake = new Awake();
    this.said = 'idle';
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('pagehide', () => this.#close());
    addEventListener('beforeunload', (event) => this.outgoing.on && event.preventDefault());
    addEventListener('keydown', (event) => this.#key(event));
    this.inputs.addEventListener('change', (event) => this.#input(/** @type {CustomEvent} */ (event).detail));
    this.outgoing.addEventListener('change', () => this.#went());
    this.meter = window.setInterval(() => this.#measure(), METER);
  }

  firstUpdated() {
    if (!(this.size in SIZES)) this.size = drawsFast() ? '720p25' : '360p15';
    this.#begin();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('live') && this.layout === 'question' && !asked(this.live)) this.layout = ROOM;
  }

  updated() {
    const lower = this.named && this.lower.name ? this.lower : null;
    this.programme?.show({ layout: this.layout, cards: cardsOf(this.live, this.event, this.slate || t('studio.slate.words')), lower });
  }

  render() {
    return html`<div class="studio__main">
        <div class="studio__frame ${this.outgoing.state === 'sending' ? 'studio__frame--live' : ''}"><canvas class="studio__picture" role="img" aria-label=${t('studio.programme', { layout: t(`studio.layout.${this.layout}`) })}></canvas></div>
        ${layoutButtons(this)}
        ${sending(this)}
      </div>
      <div class="studio__side">
        ${lowerForm(this)}
        ${setUp(this)}
      </div>`;
  }

  get facts() {
    return factsOf(this.live);
  }

  /** What was refused, or cannot be had, in words. */
  get trouble() {
    if (this.outgoing.state === 'refused') return why(this.outgoing.whip?.failure);
    return this.inputs.trouble ? t(this.inputs.trouble) : '';
  }

  /** Whether a layout has what it shows. @param {import('../state/layouts.js').Layout} layout */
  can(layout) {
    if (layout === 'question') return Boolean(asked(this.live));
    return layout === 'screen' || layout === 'inset' ? Boolean(this.inputs.tracks.screen) : true;
  }

  /** @param {import('../state/layouts.js').Layout} layout */
  cut(layout) {
    if (!this.can(layout)) return;
    this.layout = layout;
    announce(t(`studio.layout.${layout}`));
  }

  open() {
    this.sound ??= new ProgrammeSound();
    this.inputs.open();
    if (this.layout === 'slate' && !this.outgoing.on) this.layout = ROOM;
  }

  share() {
    if (this.inputs.tracks.screen) this.inputs.drop('screen');
    else this.inputs.take('screen');
  }

  mute() {
    if (!this.sound) return;
    this.sound.mute(!this.sound.silent);
    announce(t(this.sound.silent ? 'studio.muted' : 'studio.heard'));
    this.requestUpdate();
  }

  go() {
    if (this.outgoing.on) return this.outgoing.stop();
    this.sound ??= new ProgrammeSound();
    const tracks = [this.programme?.track, this.sound.track].filter((track) => track !== undefined);
    return this.outgoing.send(tracks, SIZES[this.size]?.kbits ?? 0);
  }

  /** @param {string} size */
  resize(size) {
    if (this.outgoing.on) return;
    this.size = size;
    keep('programme', size);
    this.#begin();
  }

  /** @param {string} words */
  pause(words) {
    this.slate = words.trim();
    keep('slate', this.slate);
  }

  #begin() {
    this.programme?.close();
    const canvas = /** @type {HTMLCanvasElement} */ (this.querySelector('canvas'));
    const size = SIZES[this.size];
    if (size) this.programme = new Programme(canvas, size);
    for (const [id, input] of /** @type {const} */ ([[ROOM, 'room'], [SHARED, 'screen']])) this.programme?.place(id, this.inputs.tracks[input]);
    this.requestUpdate();
  }

  /** @param {import('./inputs.js').Input|null} what */
  #input(what) {
    const { tracks } = this.inputs;
    if (what === 'sound') this.sound?.hear(tracks.sound);
    else if (what) this.programme?.place(what === 'room' ? ROOM : SHARED, tracks[what]);
    if (what === 'screen' && !tracks.screen && !this.can(this.layout)) this.layout = ROOM;
    else if (what === 'screen' && tracks.screen && this.layout === ROOM) this.layout = 'inset';
    this.requestUpdate();
  }

  #went() {
    const { state } = this.outgoing;
    if (state !== this.said) announce(t(`camera.state.${state}`));
    this.said = state;
    this.awake.keep(this.outgoing.on);
    this.requestUpdate();
  }

  #measure() {
    this.querySelector('.camera__level rect:last-child')?.setAttribute('width', String((this.sound?.level() ?? 0) * 60));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const meant = lettersAreKeys() ? meaning(event, /** @type {Element} */ (event.target).tagName) : null;
    if (!meant) return;
    event.preventDefault();
    if ('layout' in meant) this.cut(meant.layout);
    else if (meant.command === 'mute') this.mute();
    else this.named = !this.named && Boolean(this.lower.name);
  }

  #close() {
    clearInterval(this.meter);
    this.outgoing.stop();
    this.inputs.close();
    this.programme?.close();
    this.sound?.close();
    this.awake.keep(false);
  }
}

define('tablee-studio', Studio);
