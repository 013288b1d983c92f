// Shows a page of its own when a page is asked for and there is no network. It keeps that page and its stylesheet, which are the
// same for everybody, and nothing else: what members see is never kept here.

const KEPT = 'porchlight-BUILD_ID'

self.addEventListener('install', (event) => {
    event.waitUntil(
        caches
            .open(KEPT)
            .then((cache) => cache.addAll(['/offline', 'STYLE', '/theme.css']))
            .then(() => self.skipWaiting()),
    )
})

self.addEventListener('activate', (event) => {
    event.waitUntil(
        caches
            .keys()
            .then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
            .then(() => self.clients.claim()),
    )
})

self.addEventListener('fetch', (event) => {
    const { request } = event
    if (request.mode === 'navigate') {
        event.respondWith(fetch(request).catch(() => caches.match('/offline')))
    } else if (request.destination === 'style') {
        // Only what the offline page itself needs is found here, and only when the network does not answer.
        event.respondWith(fetch(request).catch(async () => (await caches.match(request, { ignoreSearch: true })) ?? Response.error()))
    }
})
