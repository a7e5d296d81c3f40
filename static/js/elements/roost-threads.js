import { app } from "roost/core/app.js";
import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { isBusy } from "roost/core/loudness.js";
import { threadPathOf } from "roost/core/place.js";
import { Timer } from "roost/core/timer.js";
import { isoTime, momentLabel } from "roost/core/times.js";
import { titleOf } from "roost/core/talks.js";
import { n } from "roost/core/words.js";
import { drawMentions, fillSaid, offerMentioned } from "roost/elements/body.js";
import { fillEgg } from "roost/elements/egg.js";
import { arrange, clone, drawKind, onAction, part, parts, show, write } from "roost/elements/parts.js";

const SOON = 500;

/** The threads that the reader follows, where something was said last first, as far down as they asked. */
class RoostThreads extends HTMLElement {
  /** As the server told them last: {room, message}; null: not yet. */
  #threads = null;
  #last = true;
  #stops = [];
  #drawSoon = onNextFrame(() => this.isConnected && this.#draw(), LIVELY);
  #soon = new Timer(() => this.#ask());

  // Lifecycle

  connectedCallback() {
    const { boot, place, socket, store } = app;
    if (boot.followed) this.#take(boot.followed, []);
    const isThread = (id) => store.threads.has(id) && this.#soon.setOnce(SOON);
    this.#stops = [
      store.on("rooms", this.#drawSoon),
      store.on("people", this.#drawSoon),
      store.on("activity", isThread),
      store.on("preferred", isThread),
      // What a message tells of its thread comes up to a second after what was said there.
      store.on("amended", (changed) => changed.message.thread && this.#hear(changed)),
      place.on("turned", () => this.#ask()),
      socket.on("status", () => socket.live && this.#ask()),
    ];
    onAction(this, { "older-threads": () => this.#askForOlder() });
    offerMentioned(this, app);
    this.#ask();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.#soon.clear();
  }

  // Internal

  get #shown() {
    return app.place.page === "threads";
  }

  /** What stands below the newest page is not asked for again, and changes by what is heard of it alone. */
  #hear({ room, message }) {
    const isIt = (each) => each.room.parent === room && each.room.root === message.number;
    this.#threads = this.#threads?.map((each) => (isIt(each) ? { ...each, message } : each)) ?? null;
    this.#soon.setOnce(SOON);
  }

  /** Where something was said since stands above what was asked for before. */
  async #ask() {
    this.#soon.clear();
    const page = this.#shown ? await threadsBefore() : null;
    if (!page) return;
    const older = page.last ? [] : this.#heldBelow(page.threads);
    this.#take(older.length > 0 ? { ...page, last: this.#last } : page, [], older);
  }

  /** None, unless one of these stands where it stood: else there may be others between. */
  #heldBelow(newest) {
    const held = new Map((this.#threads ?? []).map((each) => [each.room.id, each]));
    const joins = newest.some(({ room }) => held.get(room.id)?.room.at === room.at);
    for (const { room } of newest) held.delete(room.id);
    return joins ? [...held.values()] : [];
  }

  async #askForOlder() {
    const page = await threadsBefore(this.#threads.at(-1).room.id);
    if (page) this.#take(page, this.#threads);
  }

  #take({ threads, people, last }, newer, older = []) {
    app.store.apply({ type: "threads", threads, people });
    this.#threads = [...newer, ...threads, ...older];
    this.#last = last;
    this.#drawSoon();
  }

  #draw() {
    if (!this.#shown || !this.#threads) return;
    const { blocked, threads } = app.store;
    const isFollowed = ({ room }) => threads.get(room.id)?.hidden === false;
    const seen = this.#threads.filter((each) => isFollowed(each) && !blocked.has(each.message.author));
    arrange(part(this, "list"), seen.map((each) => this.#row(each)));
    show(part(this, "none"), seen.length === 0 && this.#last);
    show(part(this, "older"), !this.#last);
  }

  #row({ room: { id, at }, message }) {
    const { people, person, threads } = app.store;
    const [thread, author] = [threads.get(id), people.get(message.author)];
    const row = this.querySelector(`[data-thread="${id}"]`) ?? newRow(id);
    const scene = { me: person.id, people };
    if (row.dataset.seq !== String(message.seq)) fillSaid(part(row, "body"), message, scene);
    row.dataset.seq = message.seq;
    drawKind(row.querySelector("use"), thread.home);
    write(part(row, "room"), titleOf(app.store, thread));
    fillEgg(part(row, "egg"), author);
    for (const name of parts(row, "author")) write(name, author.name);
    fillTime(part(row, "time"), message.thread?.at ?? at);
    drawMentions(part(row, "body"), scene);
    show(part(row, "gone"), message.removed ?? false);
    write(part(row, "count"), n("{count} reply", "{count} replies", message.thread?.count ?? 0));
    const isNew = isBusy(app.store, thread);
    show(part(row, "unread"), isNew);
    write(part(row, "unread"), n("{count} new", "{count} new", thread.unread));
    row.classList.toggle("is-new", isNew);
    part(row, "open").href = threadPathOf(thread.home, thread.root);
    return row;
  }
}

function fillTime(element, at) {
  element.dateTime = isoTime(at);
  write(element, momentLabel(at));
}

/** A page of them, behind the thread `before`: {threads, people, last}; null: not just now. */
function threadsBefore(before = null) {
  return app.socket.request({ type: "thread.list", ...(before === null ? {} : { before }) }).catch(() => null);
}

function newRow(id) {
  const row = clone("followed-template");
  row.dataset.thread = id;
  return row;
}

customElements.define("roost-threads", RoostThreads);
