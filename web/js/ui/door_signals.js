// What a scan sounds and feels like: whoever looks at the queue and not at the screen knows as well. What must not be here: words.

/** Hertz, seconds, one after the other. @type {Record<string, [number, number][]>} */
const TONES = { good: [[880, 0.12]], calm: [[660, 0.08]], look: [[440, 0.14], [440, 0.14]], bad: [[196, 0.5]], image: [[1175, 0.07], [988, 0.07], [1175, 0.07]] };
/** Milliseconds on and off. @type {Record<string, number[]>} */
const TOUCHES = { good: [60], calm: [40], look: [120, 80, 120], bad: [400], image: [60, 60, 60, 60, 60] };
const LOUD = 0.2;

/** @type {AudioContext|null} */
let context = null;

/** Browsers sound only after a hand did something on the page. */
export function wakeSignals() {
  context ??= 'AudioContext' in globalThis ? new AudioContext() : null;
  context?.resume().catch(() => {});
}

/** @param {'good'|'look'|'bad'|'calm'} weight @param {boolean} image  No picture is to be taken of them. */
export function signal(weight, image) {
  const tones = [...(TONES[weight] ?? []), ...(image ? TONES.image ?? [] : [])];
  navigator.vibrate?.([...(TOUCHES[weight] ?? []), ...(image ? [120, ...(TOUCHES.image ?? [])] : [])]);
  if (context?.state !== 'running') return;
  let start = context.currentTime;
  for (const [hertz, seconds] of tones) {
    const tone = context.createOscillator();
    const loud = context.createGain();
    tone.frequency.value = hertz;
    loud.gain.value = LOUD;
    tone.connect(loud).connect(context.destination);
    tone.start(start);
    tone.stop(start + seconds);
    start += seconds + 0.06;
  }
}
