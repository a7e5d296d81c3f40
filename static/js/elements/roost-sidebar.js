import { app } from "roost/core/app.js";
import { rememberClosed } from "roost/core/closed.js";
import { LIVELY, nextTask, onNextFrame } from "roost/core/frame.js";
import { pathOf } from "roost/core/place.js";
import { fillEgg } from "roost/elements/egg.js";
import { arrange, drawKind, onAction, part, show, write } from "roost/elements/parts.js";

/** The list of rooms: which is open, what is unread, where a draft waits. */
class RoostSidebar extends HTMLElement {
  #stops = [];
  /** Whether the end of the room was in view when the list was drawn. */
  #resting = false;

  // Lifecycle

  connectedCallback() {
    const draw = () => this.#draw();
    this.#stops = [
      app.store.on("rooms", onNextFrame(draw, LIVELY)),
      app.store.on("people", () => fillEgg(part(this, "egg"), app.store.person)),
      app.place.on("moved", draw),
      app.place.on("turned", draw),
      app.drafts.on("changed", draw),
      app.sight.on("changed", ({ resting }) => resting !== this.#resting && draw()),
    ];
    onAction(this, { fold: (button) => this.#fold(button.closest("[data-section]"), button) });
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
    arrange(this.querySelector("ul"), app.store.sorted.map((room) => this.#row(room)));
  }

  #row(room) {
    const link = this.querySelector(`[data-room-id="${room.id}"]`) ?? this.#newLink(room);
    const current = app.place.page === null && room.id === (app.place.room ?? app.boot.room);
    const unread = current && app.sight.resting && !room.keptUnread ? 0 : room.unread;
    write(link.querySelector("bdi"), room.name);
    if (link.dataset.room !== room.slug) lead(link, room);
    drawKind(link.querySelector("use"), room);
    link.classList.toggle("is-unread", unread > 0);
    setCurrent(link, current);
    write(part(link, "unread-count"), String(unread));
    show(part(link, "unread"), unread > 0);
    show(part(link, "draft"), !current && app.drafts.has(room.id));
    return link.closest("li");
  }

  /** A room that came while the page was open: like the first row, with its own name. */
  #newLink(room) {
    const row = this.querySelector("li").cloneNode(true);
    const link = row.querySelector("a");
    link.dataset.roomId = room.id;
    return link;
  }
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
