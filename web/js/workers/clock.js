// A clock of its own for what must go on in a tab that nobody looks at: the timers of a hidden page are slowed down, those of a worker are not.
// It is told the ms between two ticks, 0 to stop. What must not be here: what is done at a tick; imports (a worker may load nothing else).

let timer = 0;

addEventListener('message', ({ data }) => {
  clearInterval(timer);
  if (data > 0) timer = setInterval(() => /** @type {any} */ (globalThis).postMessage(0), data);
});
