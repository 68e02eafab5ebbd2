// The service worker of the pages of a hall and of a desk at the door: when the line is down, the page opens again as it was. The line is always asked first, so that nothing
// old is shown while there is one. What is kept the page itself says (net/kept_page.js). What must not be here: answers of the services.

const worker = /** @type {any} */ (globalThis);

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const page = request.mode === 'navigate';
  const ours = page ? pathname === '/hub' || pathname === '/door' : pathname.startsWith('/assets/') || pathname === '/theme.css';
  if (request.method !== 'GET' || origin !== worker.location.origin || !ours) return;
  event.respondWith(fetch(request).catch(async (failure) => {
    const kept = await caches.match(request, { ignoreVary: true, ignoreSearch: page && pathname === '/door' });
    if (kept) return kept;
    throw failure;
  }));
});
