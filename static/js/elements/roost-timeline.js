import { appOf } from "roost/core/app.js";
import { LIVELY, onNextFrame } from "roost/core/frame.js";
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
const SEEN_AT_ONCE = 10;
/** So many messages appear softly when they come at once. */
const APPEARING = 2;
const BY_HAND = ["wheel", "touchmove", "pointerdown", "keydown"];

/** The messages of the room that is shown, or of the thread beside it; the element is its own scroller. */
class RoostTimeline extends HTMLElement {
  #app = null;
  #view = null;
  #newLine = null;
  #arrival = null;
  #resting = false;
  /** What is first in view while the end is not, as it was last seen: {item, number, offset}. */
  #anchor = null;
  #shown = true;
  /** The newest number there was when the end was last in view, or when reading stopped. */
  #seen = null;
  #stops = [];

  #painter = new Painter(this);
  #scroller = new Scroller(this, () => this.#resized());
  #roving = new Roving(this);
  #paintSoon = onNextFrame(() => this.isConnected && this.#paint());
  #paintArrivals = onNextFrame(() => this.isConnected && this.#paint(), LIVELY);
  #supply = new Supply(this.#paintSoon);
  #bones = new Timer(() => show(part(this, "older"), true));
  #midnight = new Timer(this.#paintSoon);
  #still = new Timer(() => this.removeAttribute("data-scrolling"));

  // Lifecycle

  connectedCallback() {
    this.#app = appOf(this);
    const { boot, place, socket, store } = this.#app;
    const ours = (id) => id === this.#view.room.id;
    this.#stops = [
      place.on("moved", () => this.#enter(place)),
      store.on("room", (id) => ours(id) && this.#paintArrivals()),
      store.on("people", this.#paintSoon),
      store.on("changed", (id) => ours(id) && this.#paintSoon()),
      store.on("reset", (id) => ours(id) && this.#startOver()),
      store.on("arrived", ({ room, message }) => ours(room) && this.#newLine.draw(message.author, message.number - 1)),
      store.on("missed", (missed) => ours(missed.room) && this.#comeBack(missed)),
      store.on("unread", (id) => ours(id) && this.#putLine()),
      socket.on("status", this.#paintSoon),
    ];
    this.addEventListener("scroll", this.#scrolled);
    this.addEventListener("animationend", this.#grown);
    for (const type of BY_HAND) this.addEventListener(type, this.#takenByHand, { passive: true });
    addEventListener("pagehide", this.#remember);
    handleUnsent(this);
    if (place.room === null) {
      this.#painter.adopt(boot.messages, boot.today, this.#scene(store.room(boot.room)));
      place.go(boot.room, boot.target);
    } else this.#enter(place);
    this.#scroller.start();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.removeEventListener("scroll", this.#scrolled);
    this.removeEventListener("animationend", this.#grown);
    for (const type of BY_HAND) this.removeEventListener(type, this.#takenByHand);
    removeEventListener("pagehide", this.#remember);
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
    if (room.tail > room.read) this.#app.live.read(room.id, room.tail);
    this.#newLine.remove();
    this.jumpToLatest();
  }

  /** This message and all below it are unread again. */
  markUnread(number) {
    this.#app.live.unread(this.#view.room.id, number);
  }

  /** To the first message of this time or later; whether somebody could tell which one that is. */
  async jumpToTime(at) {
    const { room } = this.#view;
    const number = await this.#app.live.numberAt(room.id, at);
    if (number !== null && room === this.#view.room) this.#arrive({ kind: "number", number });
    return number !== null;
  }

  /** At once, not with the next frame. */
  draw() {
    this.#paint();
  }

  focusCurrent() {
    this.#roving.focus();
  }

  // Internal

  #enter({ room: id, target }) {
    const room = this.#app.store.room(id);
    if (this.#view?.room !== room) this.#change(room);
    else if (target !== null) this.#remember();
    const position = this.#app.place.recall(id);
    if (target !== null) this.#arrive({ kind: "number", number: target });
    else if (position) this.#arrive({ ...position, kind: "position" });
    else this.#arrive({ kind: "unread", readUpTo: this.#newLine.readUpTo });
  }

  #change(room) {
    if (this.#view) {
      this.#remember();
      this.#view.room.left();
      this.#painter.clear();
      for (const name of ["start", "empty", "older", "newer"]) show(part(this, name), false);
      this.#supply.reset();
    }
    this.#view = new View(room);
    this.#newLine = new NewLine(room, this.#app);
    this.#seen = null;
    this.#anchor = null;
  }

  #remember = () => this.#app.place.remember(this.#view.room.id, this.#anchor);

  /** What was held of this room is void; the reader stays where they were. */
  #startOver() {
    const anchor = this.#anchor;
    const room = this.#app.store.room(this.#view.room.id);
    if (!room) return location.assign("/chat");
    if (room !== this.#view.room) this.#newLine = new NewLine(room, this.#app);
    this.#view = new View(room);
    this.#arrive(anchor ? { ...anchor, kind: "position" } : { kind: "end" });
  }

  #arrive(goal) {
    // Or the view would follow the end from where the reader goes now.
    this.#resting &&= goal.kind === "end";
    this.#arrival = new Arrival(goal);
    this.#paint();
  }

  /** Whoever rested at the end goes on reading there, above what they missed; a few new ones do not move them. */
  #comeBack({ author, after }) {
    const { tail, read } = this.#view.room;
    if (tail - after <= SEEN_AT_ONCE) return this.#newLine.draw(author, after);
    this.#newLine.comeBack(author, after, read);
    if (this.#resting) this.#arrive({ kind: "unread", readUpTo: this.#newLine.readUpTo });
  }

  #putLine() {
    this.#newLine.put(this.#view.room.read);
    this.#paintSoon();
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
    const pending = this.#app.store.pending(room.id);
    const wanted = this.#arrival && !this.#arrival.landed ? this.#arrival.prepare(this.#view, !this.#app.socket.lost) : null;
    if (wanted || (!room.loaded && pending.length === 0)) return this.#wait(wanted);
    this.#bones.clear();
    this.#view.follow(this.#resting);
    const anchor = this.#scroller.anchor();
    this.#draw(this.#view.atTail || !room.loaded ? pending : []);
    this.#land(anchor);
    room.shows(this.#view.from, this.#view.to);
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
    const view = this.#view;
    const me = this.#app.store.person.id;
    const { readUpTo, byHand } = this.#newLine;
    const days = daysOf(view.messages, pending, { me, readUpTo, byHand });
    const nothing = days.length === 0 && view.atStart && view.atTail;
    this.#painter.paint(days, this.#scene(view.room, pending));
    this.#findQuoted(view.room, pending);
    show(part(this, "older"), !view.atStart);
    show(part(this, "newer"), view.room.loaded && !view.atTail);
    show(part(this, "start"), view.atStart && !nothing);
    show(part(this, "empty"), nothing);
  }

  /** What is to be sent may answer what was held before the page was loaded again. */
  #findQuoted(room, pending) {
    const unknown = pending.find(({ replyTo }) => replyTo && !room.quote(replyTo));
    if (unknown) this.#supply.fetch(room, { around: unknown.replyTo, limit: 1 });
  }

  #scene(room, pending = []) {
    const { store, socket, edits } = this.#app;
    // In a torrent nobody sees one appear, and each that does takes a layer of its own to draw.
    const arriving = this.#resting && this.#seen !== null && room.tail - this.#seen <= APPEARING;
    const until = slowUntil(pending);
    const { person, people, blocked } = store;
    return { edits, room, me: person.id, people, blocked, connected: !socket.lost, until, arriving };
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
    if (!this.#scroller.shown) return this.#app.sight.update({ resting: false });
    const { room } = this.#view;
    this.#resting = this.#view.atEnd && this.#scroller.nearEnd;
    this.#anchor = this.#resting ? null : this.#scroller.anchor();
    if (this.#resting) this.#seen = room.tail;
    this.#seen ??= this.#newLine.readUpTo ?? room.tail;
    this.#app.sight.update({
      resting: this.#resting,
      far: !this.#painter.empty && (!this.#view.atEnd || this.#scroller.distance > this.#scroller.screen),
      below: room.tail - this.#seen,
      above: this.#newLine.above(this.#view, this.#painter, this.#scroller),
    });
    this.#supply.stretch(this.#view, this.#scroller);
  }
}

/** When the first of what waits in a slow room may go out; 0: nothing has to wait. */
function slowUntil(pending) {
  const until = Math.max(0, ...pending.map((entry) => entry.until ?? 0));
  return until > Date.now() ? until : 0;
}

customElements.define("roost-timeline", RoostTimeline);
