// The server puts RELEASE, PAGE and SHELL before this (app/handlers/pwa.py): what pages are made of, the offline page, and
// the addresses of all that it and every other page need. Nothing else is ever kept: what is personal comes from the network.
const PREFIX = "roost-";
const CACHE = `${PREFIX}${RELEASE}-${PAGE}`;
const OFFLINE = "/offline";
// Where the way to X begins and ends, each address works once and by whose page one came decides (SECURITY S14): a request
// of ours in its place would say "same-origin".
const LEFT_ALONE = new Set(["/login", "/logout"]);

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(take()));
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.path));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && !LEFT_ALONE.has(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(asset(request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all([cache.add(new Request(OFFLINE, { cache: "reload" })), ...SHELL.map((url) => keep(cache, url))]);
}

/** While two releases serve side by side the other one answers with a file of its own, which must not be kept as this one. */
async function keep(cache, url) {
  const response = await fetch(url);
  if (!response.headers.get("Cache-Control")?.includes("immutable")) throw new Error(`${url} is of another release`);
  await cache.put(url, response);
}

/**
 * Not before the last page of an earlier worker is gone, so nobody needs its files any more. There is no hurry: until then
 * the earlier one answers with these files too.
 */
async function take() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await clients.claim();
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (problem) {
    const offline = await caches.match(OFFLINE, { cacheName: CACHE });
    if (!offline) throw problem;
    return offline;
  }
}

async function asset(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** In a page of the chat that is open, or else in a new one. */
async function open(path) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const chat = pages.find(({ url }) => /^\/(chat|catch-up|mentions|search)(\/|$)/.test(new URL(url).pathname));
  if (!chat) return clients.openWindow(path);
  chat.postMessage({ visit: path });
  return chat.focus();
}
