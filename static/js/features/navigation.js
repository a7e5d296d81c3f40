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
      visit(link.pathname + link.search);
    }
  });
  addEventListener("popstate", () => arrive());
  addEventListener("hashchange", chooseView);
  chooseView();
}

/** Goes to `path`, an address of a room, a message or a page over the room, as if its link had been pressed. */
export function visit(path) {
  history.pushState(null, "", path);
  arrive({ pressed: true });
  if (app.place.page) return document.getElementById(ENTRIES[app.place.page] ?? `${app.place.page}-title`).focus({ preventScroll: true });
  // The composer has taken the focus where there is a real keyboard; else it would stay on a link that may be hidden now.
  if (document.activeElement.id !== "message") document.getElementById("room-title").focus({ preventScroll: true });
}

/** Takes the reader to `path` in the place of where they are, which is there no longer. */
export function lead(path) {
  history.replaceState(null, "", location.hash === "#rooms" ? `${path}#rooms` : path);
  arrive();
}

/** The way back from the list of rooms moves nothing, a link pressed again does. */
function arrive({ pressed = false } = {}) {
  chooseView();
  if (app.place.page) return;
  const { slug, number } = parsePath(location.pathname) ?? {};
  const room = app.store.roomBySlug(slug);
  if (!room) return location.reload();
  const here = room.id === app.place.room && number === app.place.target;
  if (!here || (pressed && number !== null)) app.place.go(room.id, number);
}

function leadsTo(path, hash) {
  const { slug } = parsePath(path) ?? {};
  return hash === "" && (pageAt(path) !== null || app.store.roomBySlug(slug) !== undefined);
}

/** A narrow window shows the rooms, the room or its details; a page over the room is the rooms there. */
export function chooseView() {
  const page = pageAt(location.pathname);
  const view = page ?? { "#rooms": "rooms", "#details": "details" }[location.hash] ?? "room";
  document.querySelector('[data-part="app"]').dataset.view = view;
  app.place.turnTo(page, page && location.search);
}

function isPlain(event) {
  return !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}
