import { app } from "roost/core/app.js";
import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { countOf, linesOf } from "roost/core/lines.js";
import { pathOf } from "roost/core/place.js";
import { isAct, saidIn } from "roost/core/said.js";
import { faceOf, isTalk, titleOf } from "roost/core/talks.js";
import { Timer } from "roost/core/timer.js";
import { isoTime, momentLabel } from "roost/core/times.js";
import { n, t, weave } from "roost/core/words.js";
import { fillEgg } from "roost/elements/egg.js";
import { fillFace } from "roost/elements/face.js";
import { arrange, clone, drawKind, onAction, part, show, write } from "roost/elements/parts.js";
import { readEverything } from "roost/features/reading.js";

const SOON = 2_000;
const STALE = 30_000;

/** What is new, a line for each room, and who is here: counts from the store at once, the rest as the server tells it. */
class RoostCatchUp extends HTMLElement {
  /** What the server told last. */
  #digest = { rooms: [], here: [], online: 0 };
  #stops = [];
  #drawSoon = onNextFrame(() => this.isConnected && this.#draw(), LIVELY);
  #soon = new Timer(() => this.#ask());
  #stale = new Timer(() => this.#ask());

  // Lifecycle

  connectedCallback() {
    const { boot, place, socket, store } = app;
    if (boot.digest) this.#take(boot.digest);
    this.#stops = [
      store.on("rooms", () => this.#changed()),
      store.on("people", this.#drawSoon),
      store.on("online", () => this.#shown && this.#soon.setOnce(SOON)),
      place.on("turned", () => this.#turned()),
      socket.on("status", () => socket.live && this.#turned()),
    ];
    document.addEventListener("visibilitychange", this.#turned);
    onAction(this, { "read-all": () => readEverything(app) });
    if (boot.digest) this.#stale.set(STALE);
    else this.#turned();
    this.#draw();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    document.removeEventListener("visibilitychange", this.#turned);
    for (const timer of [this.#soon, this.#stale]) timer.clear();
  }

  // Internal

  get #shown() {
    return app.place.page === "catch-up";
  }

  /** Came up, or back: it may have been away for long. */
  #turned = () => {
    if (!this.#shown) return;
    this.#draw();
    this.#ask();
  };

  #changed() {
    if (!this.#shown) return;
    this.#drawSoon();
    const lines = linesOf(app.store, this.#digest.rooms);
    if (lines.some(({ room, message }) => message?.number !== room.number)) this.#soon.setOnce(SOON);
  }

  async #ask() {
    this.#soon.clear();
    this.#stale.clear();
    if (!this.#shown || document.hidden) return;
    const digest = await app.live.digest();
    if (digest) this.#take(digest);
    this.#stale.set(STALE);
  }

  #take(digest) {
    this.#digest = digest;
    app.store.keep(digest.rooms.map(({ person }) => person));
    app.store.keep(digest.here);
    this.#drawSoon();
  }

  #draw() {
    if (!this.#shown) return;
    const lines = linesOf(app.store, this.#digest.rooms);
    arrange(part(this, "digest"), lines.map((line) => this.#line(line)));
    show(part(this, "read-all"), lines.length > 0);
    this.#sum();
    this.#perch();
  }

  #sum() {
    const { count, since } = countOf(app.store, this.#digest.rooms);
    part(this, "summary").replaceChildren(...summary(count, since));
  }

  #line({ room, message, author }) {
    const row = this.querySelector(`[data-part="digest"] > [data-room-id="${room.id}"]`) ?? newRow(room);
    write(part(row, "name"), titleOf(app.store, room));
    if (isTalk(room)) fillFace(row, faceOf(app.store, room), app.store);
    write(part(row, "author"), author?.name ?? "");
    write(part(row, "said"), message ? saidIn(message) : "");
    show(part(row, "says"), !isAct(message ?? {}));
    show(part(row, "line"), message !== null && !app.store.blocked.has(message.author));
    show(part(row, "time"), message !== null);
    if (message) fillTime(part(row, "time"), message.at);
    write(part(row, "count"), String(room.unread));
    return row;
  }

  #perch() {
    const { here, online } = this.#digest;
    const list = part(this, "wire-now").querySelector("ul");
    const more = part(this, "more");
    arrange(list, [...here.map((person) => perched(list, app.store.people.get(person.id))), more]);
    show(more, online > here.length);
    write(part(more, "more-count"), `+${online - here.length}`);
    show(part(this, "wire-now"), here.length > 0);
  }
}

function summary(count, since) {
  if (count === 0) return [t("Nothing new. All is quiet on the wire.")];
  if (since === null) return [n("{count} new message", "{count} new messages", count)];
  const time = document.createElement("time");
  fillTime(time, since);
  // The place stays in the sentence, for the element.
  return weave(n("{count} new message since {time}", "{count} new messages since {time}", count), { time });
}

function newRow(room) {
  const row = clone("busy-room-template");
  row.dataset.roomId = room.id;
  row.querySelector("a").href = pathOf(room);
  drawKind(row.querySelector("use"), room);
  show(part(row, "sign"), !isTalk(room));
  show(part(row, "talk"), isTalk(room));
  part(row, "badge").classList.toggle("badge--loud", isTalk(room));
  return row;
}

function fillTime(time, at) {
  time.dateTime = isoTime(at);
  write(time, momentLabel(at));
}

function perched(list, person) {
  const bird = list.querySelector(`[data-person="${person.id}"]`) ?? clone("wire-now-bird-template");
  bird.dataset.person = person.id;
  fillEgg(part(bird, "egg"), person);
  write(part(bird, "name"), person.name.split(/\s+/)[0]);
  return bird;
}

customElements.define("roost-catch-up", RoostCatchUp);
