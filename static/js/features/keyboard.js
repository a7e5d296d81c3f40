import { appOf, composerOf, logOf } from "roost/core/app.js";
import { chordOf, nameKeys } from "roost/core/keys.js";
import { listedIn } from "roost/core/lists.js";
import { isNew } from "roost/core/loudness.js";
import { CATCH_UP, pathOf, SEARCH } from "roost/core/place.js";
import { isLayerOpen } from "roost/elements/parts.js";
import { composes } from "roost/elements/roost-composer.js";
import { leaveDetails, toggleDetails } from "roost/features/details.js";
import { openJump, openKeys, togglePin, toggleSaved } from "roost/features/layers.js";
import { chooseReaction } from "roost/features/reacting.js";
import { visit } from "roost/features/navigation.js";
import { readEverything } from "roost/features/reading.js";
import { reply } from "roost/features/replies.js";
import { leaveThread, openThread } from "roost/features/threads.js";

/** The keys of the page, and Esc, which goes one step at a time. */
export function listenForKeys(app) {
  nameKeys(document);
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || composes(event)) return;
    const action = KEYS[chordOf(event)] ?? ofMessage(event) ?? (isLetter(event) && event.target.closest("roost-timeline") && !event.target.matches("textarea") ? toComposer : null);
    // Looked for last: most keys are letters of a text, and it goes through the whole page.
    if (action && !isLayerOpen() && action(app, event) !== false) event.preventDefault();
  });
}

/** templates/partials/_layers.html lists them for people. */
export const KEYS = {
  "Ctrl+K": (app) => openJump(app),
  "Ctrl+Shift+F": () => visit(SEARCH),
  "Ctrl+/": () => openKeys(),
  "Ctrl+.": ({ place }) => (place.page === null ? toggleDetails() : false),
  "Alt+ArrowUp": (app) => step(app, -1, () => true),
  "Alt+ArrowDown": (app) => step(app, 1, () => true),
  "Alt+Shift+ArrowUp": (app) => step(app, -1, (room) => isNew(app.store, room)),
  "Alt+Shift+ArrowDown": (app) => step(app, 1, (room) => isNew(app.store, room)),
  "Alt+Shift+Home": () => visit(CATCH_UP),
  "Ctrl+F6": () => region(1),
  "Ctrl+Shift+F6": () => region(-1),
  "Shift+PageUp": ({ place }) => (place.page === null ? timeline().jumpToUnread() : false),
  "Shift+End": ({ place }, { target }) => (place.page === null && !isWriting(target) ? timeline().jumpToLatest() : false),
  "Shift+Escape": (app) => readEverything(app),
  Escape: (app, event) => {
    const { place } = app;
    const isAnswering = place.page === null && composerOf(appOf(event.target)).cancelReply();
    if (leaveDetails(event.target) || isAnswering || leaveThread(app, event.target)) return;
    if (inLog(event.target)) composer().focus();
    else if (place.page === null) timeline().markRead();
  },
};

/** While a message has the focus. */
export const MESSAGE_KEYS = {
  r: ({ dataset }, app) => reply(app, Number(dataset.number)),
  "+": (item, app) => chooseReaction(app, Number(item.dataset.number), item),
  p: ({ dataset }, app) => togglePin(app, Number(dataset.number)),
  s: ({ dataset }, app) => toggleSaved(app, Number(dataset.number)),
  t: ({ dataset }, app) => (app.root === document ? openThread(app, Number(dataset.number)) : false),
  u: ({ dataset }, app) => logOf(app).markUnread(Number(dataset.number)),
};

function ofMessage(event) {
  const action = isLetter(event) && event.target.matches(".msg[data-number]") && MESSAGE_KEYS[letter(event)];
  return action ? () => action(event.target, appOf(event.target)) : null;
}

/** On a keyboard of another alphabet, the one that stands in its place. */
function letter({ key, code }) {
  return (key < "\x80" ? key : code.at(-1)).toLowerCase();
}

/** The next room of the list in one direction, round its end. */
function step({ place, store }, direction, wanted) {
  const rooms = listedIn(store, place.room);
  const current = place.page === null ? place.room : null;
  // From a page over the rooms: to the first of them, or to the last.
  const here = current === null ? Math.min(0, -direction) : rooms.findIndex((room) => room.id === current);
  const others = rooms.map((_, index) => rooms.at((here + direction * (index + 1)) % rooms.length));
  const next = others.find((room) => room.id !== current && wanted(room));
  if (next) visit(pathOf(next));
}

function region(direction) {
  const all = [
    { root: document.querySelector(".sidebar"), enter: (root) => root.querySelector("[aria-current]")?.focus() },
    { root: document.querySelector(".catch-up"), enter: (root) => root.querySelector("h1").focus() },
    { root: document.querySelector("roost-mentions .mentions"), enter: (root) => root.querySelector("h1").focus() },
    { root: document.querySelector("roost-saved .mentions"), enter: (root) => root.querySelector("h1").focus() },
    { root: document.querySelector(".search"), enter: (root) => root.querySelector("h1").focus() },
    { root: timeline(), enter: () => timeline().focusCurrent() },
    { root: document.querySelector(".composer"), enter: () => composer().focus() },
    { root: document.querySelector(".toast"), enter: () => document.querySelector("roost-toast").focus() },
    { root: document.querySelector(".threads"), enter: (root) => root.querySelector("h1").focus() },
    { root: document.querySelector(".details"), enter: (root) => root.querySelector("h2").focus() },
    { root: document.querySelector("roost-thread .thread"), enter: () => document.querySelector("roost-thread roost-composer").focus() },
  ];
  const regions = all.filter(({ root }) => root?.checkVisibility());
  const here = regions.findIndex(({ root }) => root.contains(document.activeElement));
  const next = regions.at((here + direction) % regions.length);
  next.enter(next.root);
}

/** Writing needs no click: the focus moves before the key does its work there. */
function toComposer(_, { target }) {
  composerOf(appOf(target)).focus();
  return false;
}

function isLetter(event) {
  return event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
}

function isWriting(element) {
  return /^(textarea|input|select)$/.test(element.localName) && element.value !== "";
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
