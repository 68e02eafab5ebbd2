// What comes back from the studio, played: one video that keeps playing while the page around it is drawn anew.
// What must not be here: where it comes from.

export class ProgrammeSink {
  constructor() {
    this.video = Object.assign(document.createElement('video'), { playsInline: true, autoplay: true, className: 'seat__programme' });
    /** Whether the browser wants a press before it sounds. */
    this.blocked = false;
  }

  /** @param {MediaStream} stream */
  play(stream) {
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    return this.go();
  }

  async go() {
    try {
      await this.video.play();
      this.blocked = false;
    } catch (failure) {
      this.blocked = /** @type {Error} */ (failure).name === 'NotAllowedError';
    }
  }

  /** @param {Element} place */
  show(place) {
    if (this.video.parentElement !== place) {
      place.append(this.video);
      if (this.video.srcObject) this.go(); // a video that moves stops
    }
  }

  /** By which loudspeaker or headset. @param {string} id */
  async through(id) {
    await /** @type {any} */ (this.video).setSinkId?.(id);
  }

  stop() {
    this.video.pause();
    this.video.srcObject = null;
  }
}
