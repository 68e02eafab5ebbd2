// How many bytes the stream has cost this page, as the browser measured them.
// What must not be here: words.

/** Counts what is fetched under `prefix`, from now on. @param {string} prefix @param {(bytes: number) => void} report */
export function weigh(prefix, report) {
  let bytes = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (new URL(entry.name).pathname.startsWith(prefix)) bytes += /** @type {PerformanceResourceTiming} */ (entry).transferSize;
    }
    report(bytes);
  });
  observer.observe({ type: 'resource', buffered: true });
  return () => observer.disconnect();
}
