import { app } from "roost/core/app.js";
import { onNextFrame } from "roost/core/frame.js";
import { daysOf } from "roost/core/rows.js";
import { Timer } from "roost/core/timer.js";
import { untilMidnight } from "roost/core/times.js";
import { View } from "roost/core/view.js";
import { part, show } from "roost/elements/parts.js";
import { Arrival } from "roost/elements/timeline/arrival.js";
import { NewLine } from "roost/elements/timeline/new_line.js";
import { Painter } from "roost/elements/timeline/painter.js";
import { Roving } from "roost/elements/timeline/roving.js";
import { Scroller } from "roost/elements/timeline/scroller.js";
import { Supply } from "roost/elements/timeline/supply.js";
import { handleUnsent } from "roost/elements/timeline/unsent.js";

const SCROLLING_SHOWN = 1_000;
const BONES_DELAY = 200;
const TARGET_SHOWN = 2_000;
const BY_HAND = ["wheel", "touchmove", "pointerdown", "keydown"];

/** The messages of the room that is shown; the element is its own scroller. */
class RoostTimeline extends HTMLElement {
  #view = null;
  #newLine = null;
  #arrival = null;
  #resting = false;
  #shown = true;
  /** The newest number there was when the end was last in view. */
  #seen = null;
  #stops = [];

  #painter = new Painter(this);
  #scroller = new Scroller(this, () => this.#resized());
  #roving = new Roving(this);
  #paintSoon = onNextFrame(() => this.isConnected && this.#paint());
  #supply = new Supply(this.#paintSoon);
  #bones = new Timer(() => show(part(this, "older"), true));
  #midnight = new Timer(this.#paintSoon);
  #still = new Timer(() => this.removeAttribute("data-scrolling"));

  // Lifecycle

  connectedCallback() {
    const { boot, place, socket, store } = app;
    const ours = (id) => id === this.#view.room.id;
    this.#stops = [
      place.on("moved", () => this.#enter(place)),
      store.on("room", (id) => ours(id) && this.#paintSoon()),
      store.on("people", this.#paintSoon),
      store.on("reset", (id) => ours(id) && this.#startOver()),
      store.on("arrived", ({ room, message }) => ours(room) && this.#newLine.draw(message.author, message.number - 1)),
      store.on("missed", ({ room, author, after }) => ours(room) && this.#newLine.draw(author, after)),
      socket.on("status", this.#paintSoon),
    ];
    this.addEventListener("scroll", this.#scrolled);
    this.addEventListener("animationend", this.#grown);
    for (const type of BY_HAND) this.addEventListener(type, this.#takenByHand, { passive: true });
    handleUnsent(this);
    this.#painter.adopt(boot.messages);
    place.go(boot.room, boot.target);
    this.#scroller.start();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.removeEventListener("scroll", this.#scrolled);
    this.removeEventListener("animationend", this.#grown);
    for (const type of BY_HAND) this.removeEventListener(type, this.#takenByHand);
    for (const timer of [this.#bones, this.#midnight, this.#still]) timer.clear();
    this.#scroller.stop();
  }

  // Actions

  jumpToLatest() {
    this.#arrive({ kind: "end" });
  }

  jumpToUnread() {
    this.#newLine.seen = true;
    if (this.#newLine.drawn) this.#arrive({ kind: "line", readUpTo: this.#newLine.readUpTo });
  }

  /** Everything here is read: the line goes, and the view to the end. */
  markRead() {
    const { room } = this.#view;
    if (room.tail > room.read) app.live.read(room.id, room.tail);
    this.#newLine.remove();
    this.jumpToLatest();
  }

  focusCurrent() {
    this.#roving.focus();
  }

  // Internal

  #enter({ room: id, target }) {
    const room = app.store.room(id);
    if (this.#view?.room !== room) this.#change(room);
    else if (target !== null) this.#remember();
    const position = app.place.recall(id);
    if (target !== null) this.#arrive({ kind: "number", number: target });
    else if (position) this.#arrive({ ...position, kind: "position" });
    else this.#arrive({ kind: "unread", readUpTo: this.#newLine.readUpTo });
  }

  #change(room) {
    if (this.#view) {
      this.#remember();
      this.#painter.clear();
      this.#supply.reset();
    }
    this.#view = new View(room);
    this.#newLine = new NewLine(room);
    this.#seen = null;
  }

  #remember() {
    app.place.remember(this.#view.room.id, this.#resting ? null : this.#scroller.anchor());
  }

  /** What was held of this room is void; the reader stays where they were. */
  #startOver() {
    const anchor = this.#resting ? null : this.#scroller.anchor();
    const room = app.store.room(this.#view.room.id);
    if (!room) return location.assign("/chat");
    if (room !== this.#view.room) this.#newLine = new NewLine(room);
    this.#view = new View(room);
    this.#arrive(anchor ? { ...anchor, kind: "position" } : { kind: "end" });
  }

  #arrive(goal) {
    this.#arrival = new Arrival(goal);
    this.#paint();
  }

  /** Whoever scrolls by hand is not moved any more. */
  #takenByHand = () => {
    if (this.#arrival?.landed) this.#arrival = null;
  };

  /** A narrow page may show the list of rooms instead: until the log is back, nothing of it is measured or seen. */
  #resized() {
    const back = this.#scroller.shown && !this.#shown;
    this.#shown = this.#scroller.shown;
    if (back) this.#paint();
    else this.#look();
  }

  #paint() {
    if (!this.#scroller.shown) return;
    const { room } = this.#view;
    const pending = app.store.pending(room.id);
    const wanted = this.#arrival && !this.#arrival.landed ? this.#arrival.prepare(this.#view) : null;
    if (wanted || (!room.loaded && pending.length === 0)) return this.#wait(wanted);
    this.#bones.clear();
    this.#view.follow(this.#resting);
    const anchor = this.#scroller.anchor();
    this.#draw(this.#view.atTail || !room.loaded ? pending : []);
    this.#land(anchor);
    this.#roving.settle();
    this.#midnight.set(untilMidnight());
    this.#look();
  }

  /** What was there stays until the new is ready; in an empty log, bones after a moment. */
  #wait(wanted) {
    if (wanted) this.#supply.fetch(this.#view.room, wanted);
    if (this.#painter.empty) this.#bones.setOnce(BONES_DELAY);
  }

  #draw(pending) {
    const { store, socket } = app;
    const view = this.#view;
    const me = store.person.id;
    const arriving = this.#resting && this.#seen !== null;
    const scene = { room: view.room, me, people: store.people, connected: !socket.lost, arriving };
    const nothing = view.empty && pending.length === 0;
    this.#painter.paint(daysOf(view.messages, pending, { me, readUpTo: this.#newLine.readUpTo }), scene);
    show(part(this, "older"), !view.atStart);
    show(part(this, "newer"), view.room.loaded && !view.atTail);
    show(part(this, "start"), view.atStart && !nothing);
    show(part(this, "empty"), nothing);
  }

  #land(anchor) {
    const target = this.#arrival?.target;
    if (this.#arrival) this.#arrival.land(this.#painter, this.#scroller);
    else if (this.#resting) this.#scroller.toEnd();
    else this.#scroller.restore(anchor);
    if (target) this.#mark(this.#painter.item(target));
    // Until the room is fresh, what comes may still move the place where the reader wants to be.
    if (!this.#view.room.behind) this.#arrival = null;
  }

  #mark(item) {
    item?.classList.add("is-target");
    setTimeout(() => item?.classList.remove("is-target"), TARGET_SHOWN);
  }

  /** A send takes long, so there is a line more under it (message.css). */
  #grown = ({ animationName }) => {
    if (animationName === "appear" && this.#resting) this.#scroller.toEnd();
  };

  #scrolled = () => {
    this.#scroller.scrolled();
    this.#look();
    this.toggleAttribute("data-scrolling", !this.#resting);
    this.#still.set(SCROLLING_SHOWN);
  };

  /** Measures what is in view, tells it, and sees to what comes next in both directions. */
  #look() {
    if (!this.#scroller.shown) return app.sight.update({ resting: false });
    const { room } = this.#view;
    this.#resting = this.#view.atTail && this.#scroller.nearEnd;
    if (this.#resting || this.#seen === null) this.#seen = room.tail;
    app.sight.update({
      resting: this.#resting,
      far: !this.#view.atTail || this.#scroller.distance > this.#scroller.screen,
      below: room.tail - this.#seen,
      above: this.#newLine.above(this.#view, this.#painter, this.#scroller),
    });
    this.#supply.stretch(this.#view, this.#scroller);
  }
}

customElements.define("roost-timeline", RoostTimeline);
