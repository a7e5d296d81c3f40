import { app } from "roost/core/app.js";
import { pathOf } from "roost/core/place.js";
import { drawKind, part, show, write } from "roost/elements/parts.js";

/** The list of rooms: which is open, what is unread, where a draft waits. */
class RoostSidebar extends HTMLElement {
  #stops = [];

  // Lifecycle

  connectedCallback() {
    const draw = () => this.#draw();
    this.#stops = [app.store.on("rooms", draw), app.place.on("moved", draw), app.drafts.on("changed", draw)];
    draw();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
  }

  // Internal

  #draw() {
    const list = this.querySelector("ul");
    const rows = app.store.sorted.map((room) => this.#row(room));
    for (const row of [...list.children]) if (!rows.includes(row)) row.remove();
    rows.forEach((row, index) => row === list.children[index] || list.insertBefore(row, list.children[index] ?? null));
  }

  #row(room) {
    const link = this.querySelector(`[data-room-id="${room.id}"]`) ?? this.#newLink(room);
    const current = room.id === (app.place.room ?? app.boot.room);
    const unread = current && app.sight.resting ? 0 : room.unread;
    write(link.querySelector("bdi"), room.name);
    link.classList.toggle("is-unread", unread > 0);
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
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
    link.dataset.room = room.slug;
    link.href = pathOf(room);
    drawKind(link.querySelector("use"), room);
    return link;
  }
}

customElements.define("roost-sidebar", RoostSidebar);
