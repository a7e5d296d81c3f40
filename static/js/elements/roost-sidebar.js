import { app } from "roost/core/app.js";
import { rememberClosed } from "roost/core/closed.js";
import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { firstOf, listsOf } from "roost/core/lists.js";
import { newThreads } from "roost/core/loudness.js";
import { fillEgg } from "roost/elements/egg.js";
import { onAction, part, show } from "roost/elements/parts.js";
import { openRoomMenu } from "roost/features/layers.js";
import { drawLists, fillMentions, fillRoomLink, fillThreads, rowOf } from "roost/features/room_links.js";

/** The list of rooms: which is open, what is unread, where a draft waits. */
class RoostSidebar extends HTMLElement {
  #stops = [];
  /** Whether the end of the room was in view when the list was drawn. */
  #resting = false;
  /** Whether the older talks are shown, too. */
  #whole = false;

  // Lifecycle

  connectedCallback() {
    const draw = () => this.isConnected && this.#draw();
    // What the server drew stands until the room is shown, of which place tells.
    const drawSoon = onNextFrame(draw);
    this.#stops = [
      app.store.on("rooms", onNextFrame(draw, LIVELY)),
      app.store.on("people", () => fillEgg(this.querySelector(".self .egg"), app.store.person)),
      app.store.on("people", drawSoon),
      app.place.on("moved", drawSoon),
      app.place.on("turned", drawSoon),
      app.drafts.on("changed", drawSoon),
      app.sight.on("changed", ({ resting }) => resting !== this.#resting && drawSoon()),
    ];
    onAction(this, {
      fold: (button) => this.#fold(button.closest("[data-section]"), button),
      "more-talks": () => this.#showAll(),
    });
    this.addEventListener("contextmenu", (event) => this.#openMenu(event));
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
    setCurrent(part(this, "mentions"), app.place.page === "mentions");
    setCurrent(part(this, "saved"), app.place.page === "saved");
    setCurrent(part(this, "threads"), app.place.page === "threads");
    fillMentions(this, app.store.forMe);
    fillThreads(this, newThreads(app.store));
    const lists = listsOf(app.store, { open: this.#open, hasDraft: (id) => app.drafts.has(id) });
    const talks = this.#whole ? lists.talks : firstOf(app.store, lists.talks, this.#open);
    drawLists(this, { ...lists, talks }, (room) => this.#row(room));
    show(part(this, "more-talks"), talks.length < lists.talks.length);
  }

  #showAll() {
    this.#whole = true;
    const shown = part(this, "talks").children.length;
    this.#draw();
    part(this, "talks").querySelectorAll("a")[shown]?.focus();
  }

  get #open() {
    return app.place.room ?? app.boot.room;
  }

  #row(room) {
    const row = rowOf(this, room);
    const link = row.querySelector("a");
    const current = app.place.page === null && room.id === this.#open;
    fillRoomLink(link, app.store, room, current && app.sight.resting && !room.keptUnread);
    setCurrent(link, current);
    show(part(link, "draft"), !current && app.drafts.has(room.id));
    return row;
  }

  /** By the second button of a mouse, or the key for it. A finger that stays gets the system's own menu of a link. */
  #openMenu(event) {
    const link = event.target.closest("[data-room-id]");
    if (!link || event.pointerType === "touch") return;
    event.preventDefault();
    openRoomMenu(app, app.store.room(Number(link.dataset.roomId)), link);
  }
}

function setCurrent(link, current) {
  if (current) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

customElements.define("roost-sidebar", RoostSidebar);
