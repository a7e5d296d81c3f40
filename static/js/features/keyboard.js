import { pathOf } from "roost/core/place.js";
import { visit } from "roost/features/navigation.js";

/** The keys of the page, and Esc, which goes one step at a time. */
export function listenForKeys(app) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const action = KEYS[chord(event)] ?? (isLetter(event) && inLog(event.target) ? toComposer : null);
    if (action && action(app, event) !== false) event.preventDefault();
  });
}

const KEYS = {
  "Alt+ArrowUp": (app) => step(app, -1, () => true),
  "Alt+ArrowDown": (app) => step(app, 1, () => true),
  "Alt+Shift+ArrowUp": (app) => step(app, -1, (room) => room.unread > 0),
  "Alt+Shift+ArrowDown": (app) => step(app, 1, (room) => room.unread > 0),
  "Ctrl+F6": () => region(1),
  "Ctrl+Shift+F6": () => region(-1),
  "Shift+PageUp": () => timeline().jumpToUnread(),
  "Shift+End": (_, event) => isWriting(event.target) ? false : timeline().jumpToLatest(),
  Escape: (_, event) => (inLog(event.target) ? composer().focus() : timeline().markRead()),
};

function chord(event) {
  const modifiers = [event.altKey && "Alt", (event.ctrlKey || event.metaKey) && "Ctrl", event.shiftKey && "Shift"];
  return [...modifiers.filter(Boolean), event.key].join("+");
}

/** The next room of the list in one direction, round its end. */
function step({ place, store }, direction, wanted) {
  const rooms = store.sorted;
  const here = rooms.findIndex((room) => room.id === place.room);
  const others = rooms.map((_, index) => rooms.at((here + direction * (index + 1)) % rooms.length));
  const next = others.find((room) => room.id !== place.room && wanted(room));
  if (next) visit(pathOf(next));
}

function region(direction) {
  const regions = [
    { root: document.querySelector("roost-sidebar"), enter: (root) => root.querySelector("[aria-current]")?.focus() },
    { root: timeline(), enter: () => timeline().focusCurrent() },
    { root: composer(), enter: () => composer().focus() },
  ];
  const here = regions.findIndex(({ root }) => root.contains(document.activeElement));
  const next = regions.at((here + direction) % regions.length);
  next.enter(next.root);
}

/** Writing needs no click: the focus moves before the key does its work there. */
function toComposer() {
  composer().focus();
  return false;
}

function isLetter(event) {
  return event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
}

function isWriting(element) {
  return composer().contains(element) && composer().text.value !== "";
}

function inLog(element) {
  return timeline().contains(element);
}

function timeline() {
  return document.querySelector("roost-timeline");
}

function composer() {
  return document.querySelector("roost-composer");
}
