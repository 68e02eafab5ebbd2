// The sound of a programme: what the room's microphone gives, mixed, measured, and what leaves it as a track that never ends.
// It owns its context and everything in it, until `close`. What must not be here: devices, pictures, sending.

/** dBFS at the left end of a meter. */
const FLOOR = -60;
/** How fast a volume changes, in s: no click. */
const SOFT = 0.015;

export class ProgrammeSound {
  constructor() {
    this.context = new AudioContext({ latencyHint: 'interactive' });
    this.out = this.context.createMediaStreamDestination();
    this.room = this.context.createGain();
    this.meter = this.context.createAnalyser();
    this.meter.fftSize = 1024;
    this.samples = new Float32Array(this.meter.fftSize);
    this.room.connect(this.out);
    this.room.connect(this.meter);
    /** @type {MediaStreamAudioSourceNode|null} */
    this.source = null;
    this.silent = false;
    this.context.resume().catch(() => {});
  }

  /** @returns {MediaStreamTrack} */
  get track() {
    return /** @type {MediaStreamTrack} */ (this.out.stream.getAudioTracks()[0]);
  }

  /** The room's microphone or mixing desk, or none. @param {MediaStreamTrack|null} track */
  hear(track) {
    this.source?.disconnect();
    this.source = track && this.context.createMediaStreamSource(new MediaStream([track]));
    this.source?.connect(this.room);
    this.context.resume().catch(() => {});
  }

  /** @param {boolean} silent  Whether the room is heard by nobody. */
  mute(silent) {
    this.silent = silent;
    this.room.gain.setTargetAtTime(silent ? 0 : 1, this.context.currentTime, SOFT);
  }

  /** How loud the room is now, 0 to 1, from FLOOR up. */
  level() {
    this.meter.getFloatTimeDomainData(this.samples);
    const peak = this.samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return Math.max(0, Math.min(1, 1 - (20 * Math.log10(peak || 1e-6)) / FLOOR));
  }

  close() {
    this.source?.disconnect();
    this.track.stop();
    this.context.close().catch(() => {});
  }
}
