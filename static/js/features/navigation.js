import { app } from "roost/core/app.js";
import { parsePath } from "roost/core/place.js";

/** Rooms and messages change without a new page; every step is an entry of the browser's history. */
export function followLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !isPlain(event) || link.target || link.origin !== location.origin) return;
    if (leadsTo(link.pathname, link.hash)) {
      event.preventDefault();
      visit(link.pathname);
    }
  });
  addEventListener("popstate", () => arrive());
  addEventListener("hashchange", chooseView);
  chooseView();
}

/** Goes to `path`, an address of a room or a message, as if its link had been pressed. */
export function visit(path) {
  history.pushState(null, "", path);
  arrive({ pressed: true });
  // The composer has taken the focus where there is a real keyboard; else it would stay on a link that may be hidden now.
  if (document.activeElement.id !== "message") document.getElementById("room-title").focus({ preventScroll: true });
}

/** The way back from the list of rooms moves nothing, a link pressed again does. */
function arrive({ pressed = false } = {}) {
  chooseView();
  const { slug, number } = parsePath(location.pathname) ?? {};
  const room = app.store.roomBySlug(slug);
  if (!room) return location.reload();
  const here = room.id === app.place.room && number === app.place.target;
  if (!here || (pressed && number !== null)) app.place.go(room.id, number);
}

function leadsTo(path, hash) {
  const parsed = parsePath(path);
  return hash === "" && parsed !== null && app.store.roomBySlug(parsed.slug) !== undefined;
}

/** A narrow window shows the rooms or the room. */
function chooseView() {
  const view = location.hash === "#rooms" ? "rooms" : "room";
  document.querySelector('[data-part="app"]').dataset.view = view;
}

function isPlain(event) {
  return !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}
