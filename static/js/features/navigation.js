import { app } from "roost/core/app.js";
import { pageAt, parsePath } from "roost/core/place.js";

/** Where the focus goes on a page over the room, if not to its title. */
const ENTRIES = { search: "search-query" };

/** Rooms and messages change without a new page; every step is an entry of the browser's history. */
export function followLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !isPlain(event) || link.target || link.origin !== location.origin) return;
    if (leadsTo(link.pathname, link.hash)) {
      event.preventDefault();
      visit(link.pathname + link.search + link.hash);
    }
  });
  addEventListener("popstate", () => arrive());
  addEventListener("hashchange", chooseView);
  chooseView();
  const { number, beside } = parsePath(location.pathname) ?? {};
  if (beside) app.place.openBeside(number);
}

/** Goes to `path`, an address of a room, a message or a page over the room, as if its link had been pressed. */
export function visit(path) {
  step(path);
  arrive({ pressed: true });
  if (app.place.page) return document.getElementById(ENTRIES[app.place.page] ?? `${app.place.page}-title`).focus({ preventScroll: true });
  // A thread takes it as soon as it is there.
  if (app.place.beside !== null) return;
  // The composer has taken the focus where there is a real keyboard; else it would stay on a link that may be hidden now.
  if (document.activeElement.id !== "message") document.getElementById("room-title").focus({ preventScroll: true });
}

/** One thread takes the place of another; of the first is told that what lies behind it is the room. */
function step(path) {
  const { place, store } = app;
  const { slug, beside } = parsePath(path.replace(/#.*/, "")) ?? {};
  const stays = beside && place.page === null && store.roomBySlug(slug)?.id === place.room;
  if (stays && place.beside !== null) history.replaceState(history.state, "", path);
  else history.pushState(stays ? { beside: true } : null, "", path);
}

/** Takes the reader to `path` in the place of where they are, which is there no longer. */
export function lead(path) {
  history.replaceState(null, "", location.hash === "#rooms" ? `${path}#rooms` : path);
  arrive();
}

/** The way back from the list of rooms moves nothing, a link pressed again does. */
function arrive({ pressed = false } = {}) {
  chooseView();
  const { place, store } = app;
  if (place.page) return;
  const { slug, number, beside } = parsePath(location.pathname) ?? {};
  const room = store.roomBySlug(slug);
  if (!room) return location.reload();
  // A thread opens beside what is shown of its room.
  const target = beside && room.id === place.room ? place.target : number;
  const here = room.id === place.room && target === place.target;
  if (!here || (pressed && target !== null && !beside)) place.go(room.id, target);
  place.openBeside(beside ? number : null);
}

function leadsTo(path, hash) {
  const { slug } = parsePath(path) ?? {};
  return /^(#t-\d+)?$/.test(hash) && (pageAt(path) !== null || app.store.roomBySlug(slug) !== undefined);
}

/** A narrow window shows the rooms, the room, its details or a thread; a page over the room is the rooms there. */
export function chooseView() {
  const page = pageAt(location.pathname);
  const besides = parsePath(location.pathname)?.beside ? "thread" : "room";
  const view = page ?? { "#rooms": "rooms", "#details": "details" }[location.hash] ?? besides;
  document.querySelector('[data-part="app"]').dataset.view = view;
  app.place.turnTo(page, page && location.search);
}

function isPlain(event) {
  return !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}
