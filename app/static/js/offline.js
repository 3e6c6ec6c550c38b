// Answers for the server while there is no network: the pages and files that draft.js has put aside.
// It keeps and sends no answers itself.
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function page(request) {
  try {
    return await fetch(request);
  } catch (failure) {
    const kept = await caches.match(request.url.split("#")[0], { ignoreSearch: true, ignoreVary: true });
    if (kept) return kept;
    throw failure;
  }
}
async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}
async function list(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open("tachawor-files")).put(request, answer.clone());
    return answer;
  } catch (failure) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw failure;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (/\/communes\/[^/]+\.json$/.test(pathname)) event.respondWith(list(request));
});
