// The sound of a programme: the room and those at the table, mixed, measured, and what leaves it: the programme, and for each of them all but
// their own voice, so that nobody hears an echo of themselves; and a sound beside it for whoever interprets. It owns its context and everything in it, until `close`.
// What must not be here: devices, pictures, sending.

/** dBFS at the left end of a meter. */
const FLOOR = -60;
/** How fast a volume changes, in s: no click. */
const SOFT = 0.015;
/** Voices are brought to about the same loudness, and never above the limit. Values of DynamicsCompressorNode. */
const LEVELLING = { threshold: -30, knee: 12, ratio: 4, attack: 0.005, release: 0.25 };
const LIMIT = { threshold: -4, knee: 0, ratio: 20, attack: 0.002, release: 0.1 };

/**
 * @typedef {object} Voice
 * @property {MediaStreamAudioSourceNode|null} source
 * @property {HTMLAudioElement} pull  Plays it silently: Chromium brings no sound of a connection to a graph before an element plays it.
 * @property {AudioNode} head  Where its sound comes in.
 * @property {AnalyserNode} meter
 * @property {GainNode} air  What is heard of it.
 * @property {MediaStreamAudioDestinationNode} minus  All that they hear.
 * @property {boolean} apart  Heard in the sound of interpretation alone: not in the programme, not in the room, not by others.
 */

export class ProgrammeSound {
  constructor() {
    this.context = new AudioContext({ latencyHint: 'interactive' });
    this.out = this.context.createMediaStreamDestination();
    /** What those hear who choose interpretation: the programme, while nobody interprets. */
    this.translated = this.context.createMediaStreamDestination();
    this.programme = this.context.createGain();
    this.programme.connect(this.translated);
    this.room = this.context.createGain();
    this.room.connect(this.programme);
    this.meter = this.#meter();
    this.room.connect(this.out);
    this.room.connect(this.meter);
    this.speakers = this.context.createGain();
    this.speakers.connect(this.context.destination);
    /** @type {Map<string, Voice>} */
    this.voices = new Map();
    /** @type {MediaStreamAudioSourceNode|null} */
    this.source = null;
    this.samples = new Float32Array(this.meter.fftSize);
    this.silent = false;
    this.wake();
  }

  /** Whether the browser waits for a press before anything sounds. */
  get asleep() {
    return this.context.state === 'suspended';
  }

  wake() {
    return this.context.resume().catch(() => {});
  }

  /** @returns {MediaStreamTrack} */
  get track() {
    return trackOf(this.out);
  }

  /** The programme in another language. @returns {MediaStreamTrack} */
  get translation() {
    return trackOf(this.translated);
  }

  /** The room's microphone or mixing desk, or none. @param {MediaStreamTrack|null} track */
  hear(track) {
    this.source?.disconnect();
    this.source = track && this.context.createMediaStreamSource(new MediaStream([track]));
    this.source?.connect(this.room);
    this.wake();
  }

  /** @param {boolean} silent  Whether the room is heard by nobody. */
  mute(silent) {
    this.silent = silent;
    this.#turn(this.room, silent ? 0 : 1);
  }

  /** @param {boolean} on  Whether those at the table are heard in the room. */
  loud(on) {
    this.#turn(this.speakers, on ? 1 : 0);
  }

  /** What somebody at the table hears: the room and the others. @param {string} id @param {boolean} [apart]  Whether they interpret. @returns {MediaStreamTrack} */
  minus(id, apart = false) {
    return trackOf(this.#voice(id, apart).minus);
  }

  /** Their microphone, or none. @param {string} id @param {MediaStreamTrack|null} track */
  listen(id, track) {
    const voice = this.#voice(id);
    voice.source?.disconnect();
    const stream = track && new MediaStream([track]);
    voice.source = stream && this.context.createMediaStreamSource(stream);
    voice.source?.connect(voice.head);
    voice.pull.srcObject = stream;
    if (stream) voice.pull.play().catch(() => {}); // ended before it began
  }

  /** How loud they are for everybody: 0 off air or muted, else about 1. @param {string} id @param {number} volume */
  air(id, volume) {
    this.#turn(this.#voice(id).air, volume);
  }

  /** @param {boolean} interpreted  Whether somebody is heard there who interprets: then they alone are. */
  interpret(interpreted) {
    this.#turn(this.programme, interpreted ? 0 : 1);
  }

  /** @param {string} id */
  drop(id) {
    const voice = this.voices.get(id);
    this.voices.delete(id);
    if (!voice) return;
    voice.pull.srcObject = null;
    [voice.source, voice.head, voice.meter, voice.air].forEach((node) => node?.disconnect());
    this.room.disconnect(voice.minus);
    for (const other of this.voices.values()) if (!other.apart) other.air.disconnect(voice.minus);
    trackOf(voice.minus).stop();
  }

  /** How loud the room is now, or somebody at the table, on air or not: 0 to 1, from FLOOR up. @param {string} [id] */
  level(id) {
    const meter = id === undefined ? this.meter : this.voices.get(id)?.meter;
    meter?.getFloatTimeDomainData(this.samples);
    const peak = meter ? this.samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0) : 0;
    return Math.max(0, Math.min(1, 1 - (20 * Math.log10(peak || 1e-6)) / FLOOR));
  }

  close() {
    [...this.voices.keys()].forEach((id) => this.drop(id));
    this.source?.disconnect();
    this.track.stop();
    this.translation.stop();
    this.context.close().catch(() => {});
  }

  /** @param {string} id @param {boolean} [apart] @returns {Voice} */
  #voice(id, apart = false) {
    const known = this.voices.get(id);
    if (known) return known;
    const { context } = this;
    const head = new DynamicsCompressorNode(context, LEVELLING);
    const limit = new DynamicsCompressorNode(context, LIMIT);
    const voice = { source: null, pull: Object.assign(new Audio(), { muted: true }), head, meter: this.#meter(), air: new GainNode(context, { gain: 0 }), minus: context.createMediaStreamDestination(), apart };
    head.connect(limit).connect(voice.air);
    limit.connect(voice.meter);
    (apart ? [this.translated] : [this.out, this.programme, this.speakers]).forEach((where) => voice.air.connect(where));
    this.room.connect(voice.minus);
    for (const other of this.voices.values()) {
      if (!other.apart) other.air.connect(voice.minus);
      if (!apart) voice.air.connect(other.minus);
    }
    this.voices.set(id, voice);
    return voice;
  }

  #meter() {
    const meter = this.context.createAnalyser();
    meter.fftSize = 1024;
    return meter;
  }

  /** @param {GainNode} node @param {number} value */
  #turn(node, value) {
    node.gain.setTargetAtTime(value, this.context.currentTime, SOFT);
  }
}

/** @param {MediaStreamAudioDestinationNode} node */
function trackOf(node) {
  return /** @type {MediaStreamTrack} */ (node.stream.getAudioTracks()[0]);
}
