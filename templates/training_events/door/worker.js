/* The service worker of the doors. It keeps the door's page and its files, so that the page opens without network; lists of people are
   not its business (they stand in the page's own database). It reaches no other page of the website. */
const CACHE = "door-1";
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("door-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

/* {keep: [addresses]}: keep these files. {forget: true}: keep nothing. The answer goes to the message's port. */
self.addEventListener("message", (event) => {
  event.waitUntil((async () => {
    if (event.data.forget) {
      await caches.delete(CACHE);
    } else if (event.data.keep) {
      const cache = await caches.open(CACHE);
      await Promise.all(event.data.keep.map(async (address) => {
        const answer = await fetch(address, { credentials: "same-origin" });
        if (answer.ok && !answer.redirected) await cache.put(address, answer);
      }));
    }
    event.ports[0]?.postMessage("done");
  })());
});

async function page(request) {
  const cache = await caches.open(CACHE);
  const { origin, pathname } = new URL(request.url);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(request, { signal: stop.signal });
    if (answer.status < 500) return answer;
  } catch { /* no network, or none worth the name */ } finally {
    clearTimeout(timer);
  }
  return (await cache.match(origin + pathname, { ignoreVary: true })) || fetch(request);
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreVary: true })) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else event.respondWith(file(request));
});
