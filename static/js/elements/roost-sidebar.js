import { app } from "roost/core/app.js";
import { rememberClosed } from "roost/core/closed.js";
import { LIVELY, nextTask, onNextFrame } from "roost/core/frame.js";
import { pathOf } from "roost/core/place.js";
import { faceOf, isHidden, isTalk, MOST_TALKS, talksOf, titleOf } from "roost/core/talks.js";
import { fillEgg } from "roost/elements/egg.js";
import { fillFace } from "roost/elements/face.js";
import { arrange, clone, drawKind, onAction, part, show, write } from "roost/elements/parts.js";

/** The list of rooms: which is open, what is unread, where a draft waits. */
class RoostSidebar extends HTMLElement {
  #stops = [];
  /** Whether the end of the room was in view when the list was drawn. */
  #resting = false;
  /** Whether the older talks are shown, too. */
  #whole = false;

  // Lifecycle

  connectedCallback() {
    const draw = () => this.#draw();
    this.#stops = [
      app.store.on("rooms", onNextFrame(draw, LIVELY)),
      app.store.on("people", () => fillEgg(this.querySelector(".self .egg"), app.store.person)),
      app.store.on("people", onNextFrame(draw)),
      app.place.on("moved", draw),
      app.place.on("turned", draw),
      app.drafts.on("changed", draw),
      app.sight.on("changed", ({ resting }) => resting !== this.#resting && draw()),
    ];
    onAction(this, {
      fold: (button) => this.#fold(button.closest("[data-section]"), button),
      "more-talks": () => this.#showAll(),
    });
    // The server drew it too; the first sorting by name alone takes a slow phone 30 ms.
    nextTask().then(draw);
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
  }

  // Internal

  /** What is current, or waits for the reader, still shows. */
  #fold(section, button) {
    const closed = section.toggleAttribute("data-closed");
    button.setAttribute("aria-expanded", String(!closed));
    rememberClosed(section.dataset.section, closed);
  }

  #draw() {
    this.#resting = app.sight.resting;
    setCurrent(part(this, "catch-up"), app.place.page === "catch-up");
    const [rooms, talks] = this.querySelectorAll("[data-section] ul");
    arrange(rooms, app.store.sorted.map((room) => this.#row(room)));
    const { shown, more } = this.#talks();
    arrange(talks, shown.map((room) => this.#row(room)));
    show(part(this, "more-talks"), more);
  }

  #showAll() {
    this.#whole = true;
    const shown = this.querySelectorAll('[data-section="talks"] li').length;
    this.#draw();
    this.querySelectorAll('[data-section="talks"] a')[shown]?.focus();
  }

  /** The newest, with those in which something is new, and the one that is open whatever it is. */
  #talks() {
    const open = this.#open;
    const all = talksOf(app.store, { open, hasDraft: (id) => app.drafts.has(id) });
    const isShown = ({ id, unread }, place) => this.#whole || place < MOST_TALKS || unread > 0 || id === open;
    const shown = all.filter(isShown);
    return { shown, more: shown.length < all.length };
  }

  get #open() {
    return app.place.room ?? app.boot.room;
  }

  #row(room) {
    const link = this.querySelector(`[data-room-id="${room.id}"]`) ?? newLink(room);
    const current = app.place.page === null && room.id === this.#open;
    const unread = (current && app.sight.resting && !room.keptUnread) || isHidden(app.store, room) ? 0 : room.unread;
    write(link.querySelector("bdi"), titleOf(app.store, room));
    if (link.dataset.room !== room.slug) lead(link, room);
    if (isTalk(room)) drawTalk(link, room);
    else drawKind(link.querySelector("use"), room);
    link.classList.toggle("is-unread", unread > 0);
    setCurrent(link, current);
    write(part(link, "unread-count"), String(unread));
    show(part(link, "unread"), unread > 0);
    show(part(link, "draft"), !current && app.drafts.has(room.id));
    return link.closest("li");
  }
}

/** A room that came while the page was open. */
function newLink(room) {
  const link = clone(isTalk(room) ? "talk-link-template" : "room-link-template").querySelector("a");
  link.dataset.roomId = room.id;
  return link;
}

function drawTalk(link, room) {
  const face = faceOf(app.store, room);
  fillFace(link, face, app.store.here);
  show(part(link, "here-too"), face !== null && app.store.here.has(face.id));
}

function lead(link, room) {
  link.dataset.room = room.slug;
  link.href = pathOf(room);
}

function setCurrent(link, current) {
  if (current) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

customElements.define("roost-sidebar", RoostSidebar);
