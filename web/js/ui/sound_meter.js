// How loud a microphone is, drawn as often as the screen is. What must not be here: where the sound comes from, words.

/** dBFS at the left end. */
const FLOOR = -60;

export class SoundMeter {
  /** @param {(level: number) => void} show  0 to 1, from the quietest to the loudest; at most once a frame. */
  constructor(show) {
    this.show = show;
    /** @type {AudioContext|null} */
    this.context = null;
    this.frame = 0;
  }

  /** @param {MediaStreamTrack|null} track */
  listen(track) {
    this.close();
    if (!track) return this.show(0);
    const context = (this.context = new AudioContext());
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const look = () => {
      analyser.getFloatTimeDomainData(samples);
      const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      this.show(Math.max(0, Math.min(1, 1 - (20 * Math.log10(peak || 1e-6)) / FLOOR)));
      this.frame = requestAnimationFrame(look);
    };
    look();
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.context?.close();
    this.context = null;
  }
}
