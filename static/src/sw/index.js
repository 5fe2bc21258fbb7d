// A page without a server: the tablet's, served as /sw.js for /judge/ alone, and the one that scans certificates, as /v/sw.js. The first
// line says which: {name, pages, language, version, app, files, shells}. It keeps files and an empty page, never data: marks
// are the page's own business.

const { name: own, pages, language, version, app, files, shells } = self.BUILD;
const CACHE = `${own}-${version}`;
const PATIENCE_MS = 700;

// Names hold the hash of what is in the file: what an older version has is the same. The shells come last: where they
// are, everything is.
async function fill() {
  const cache = await caches.open(CACHE);
  for (const file of files) {
    if (await cache.match(file, { ignoreVary: true })) continue;
    await cache.put(file, (await caches.match(file, { ignoreVary: true })) ?? (await fetched(file)));
  }
  for (const shell of shells) await cache.put(shell, await fetched(shell, "no-store"));
}

// Without cookies: nothing in it is of whoever uses the tablet for other things.
async function fetched(address, cache = "default") {
  const answer = await fetch(address, { credentials: "omit", cache });
  if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

// What is kept besides the own version: the newest whole one before it, for pages that are still open with it.
async function tidy() {
  const others = (await caches.keys()).filter((name) => name.startsWith(`${own}-`) && name !== CACHE);
  let kept = "";
  for (const name of others.reverse()) {
    if (!kept && (await (await caches.open(name)).match(shells[0]))) kept = name;
    else await caches.delete(name);
  }
}

async function lacking() {
  const cache = await caches.open(CACHE);
  const found = await Promise.all([...files, ...shells].map((one) => cache.match(one, { ignoreVary: true })));
  return found.filter((one) => !one).length;
}

// The language is that of the last page that came from the server.
async function shell() {
  const said = await (await caches.match(language))?.text();
  const cache = await caches.open(CACHE);
  return (await cache.match(shells.find((one) => one.endsWith(`/${said}`)) ?? shells[0])) ?? null;
}

// The server's page when it comes soon. What is no page of ours (a proxy without its server behind it) is no answer.
async function page(request) {
  const asked = fetch(request).then((answer) => (answer.ok ? answer : Promise.reject(new Error(`status ${answer.status}`))));
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE_MS));
  try {
    return await Promise.race([asked, late]);
  } catch {
    return (await shell()) ?? fetch(request);
  }
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function answered({ data, ports: [port] }) {
  if (data === "use") return self.skipWaiting();
  if (data === "claim") return self.clients.claim();
  if (data !== "check") return undefined;
  if (await lacking()) await fill().catch(() => {});
  return port.postMessage({ app, lacking: await lacking() });
}

async function begin() {
  await tidy();
  await self.clients.claim();
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage({ app });
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("message", (event) => event.waitUntil(answered(event)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pages.includes(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});
