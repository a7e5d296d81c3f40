import { app } from "roost/core/app.js";
import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { pathOf, threadPathOf } from "roost/core/place.js";
import { isAct } from "roost/core/said.js";
import { isTalk, titleOf } from "roost/core/talks.js";
import { Timer } from "roost/core/timer.js";
import { isoTime, momentLabel } from "roost/core/times.js";
import { fillEgg } from "roost/elements/egg.js";
import { drawMentions, fillSaid, offerMentioned } from "roost/elements/body.js";
import { arrange, clone, drawKind, onAction, part, parts, show, write } from "roost/elements/parts.js";
import { fillQuote, signsOfQuote } from "roost/elements/timeline/quote.js";

const SOON = 500;

/**
 * Messages of many rooms, the newest first, as far down as the reader asked: a page over the room. Who extends it gives
 * `page`, its name, under which the server answers with the list, too; `command`, which asks for it; `template` of a row;
 * and, if need be, `topics` of the store with which it is another list, and what `fill` adds to a row, of a room or
 * thread that may not have been heard of.
 */
export class MessageList extends HTMLElement {
  topics = [];
  /** As the server told them last; null: not yet. */
  #found = null;
  #last = true;
  #stops = [];
  #drawSoon = onNextFrame(() => this.isConnected && this.#draw(), LIVELY);
  #soon = new Timer(() => this.#ask());

  // Lifecycle

  connectedCallback() {
    const { boot, place, socket, store } = app;
    if (boot[this.page]) this.#take(boot[this.page], []);
    this.#stops = [
      store.on("rooms", this.#drawSoon),
      store.on("people", this.#drawSoon),
      ...["amended", ...this.topics].map((topic) => store.on(topic, (told) => this.#hear(told))),
      place.on("turned", () => this.#ask()),
      socket.on("status", () => socket.live && this.#ask()),
    ];
    onAction(this, { older: () => this.#askForOlder(), ...this.actions });
    offerMentioned(this, app);
    this.#ask();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.#soon.clear();
  }

  // Internal

  get #shown() {
    return app.place.page === this.page;
  }

  /** What stands below the newest page is not asked for again, and changes by what is heard of it alone. */
  #hear({ room, message, number = message.number, on = !message?.removed }) {
    const isIt = (found) => found.room === room && found.message.number === number;
    const left = this.#found?.filter((found) => on || !isIt(found));
    this.#found = left?.map((found) => (message && isIt(found) ? { ...found, message } : found)) ?? null;
    this.#drawSoon();
    this.#soon.setOnce(SOON);
  }

  /** What is new stands above what was asked for before. */
  async #ask() {
    this.#soon.clear();
    const page = this.#shown ? await this.#pageBefore() : null;
    if (!page) return;
    const oldest = page[this.page].at(-1)?.id ?? 0;
    const older = page.last ? [] : (this.#found ?? []).filter(({ id }) => id < oldest);
    this.#take(older.length > 0 ? { ...page, last: this.#last } : page, [], older);
  }

  async #askForOlder() {
    const page = await this.#pageBefore(this.#found.at(-1)?.id);
    if (page) this.#take(page, this.#found);
  }

  /** A page of them, the newest first; null: not just now. */
  #pageBefore(before = null) {
    return app.socket.request({ type: this.command, ...(before === null ? {} : { before }) }).catch(() => null);
  }

  #take({ people, last, ...page }, newer, older = []) {
    app.store.keep(people);
    for (const { room, quoted } of page[this.page]) if (quoted) app.store.room(room)?.keepQuoted([quoted]);
    this.#found = [...newer, ...page[this.page], ...older];
    this.#last = last;
    this.#drawSoon();
  }

  #draw() {
    if (!this.#shown || !this.#found) return;
    const { blocked, rooms } = app.store;
    const seen = this.#found.filter(({ room, parent = room, message }) => rooms.has(parent) && !blocked.has(message.author));
    arrange(part(this, "list"), seen.map((found) => this.#row(found)));
    show(part(this, "none"), seen.length === 0 && this.#last);
    show(part(this, "older"), !this.#last);
  }

  #row({ id, room: roomId, parent = roomId, root, message }) {
    const { blocked, people, person, rooms } = app.store;
    const [room, author] = [rooms.get(parent), people.get(message.author)];
    const row = this.querySelector(`[data-found="${id}"]`) ?? this.#newRow(id);
    const scene = { me: person.id, people, room, blocked };
    if (row.dataset.seq !== String(message.seq)) fillSaid(part(row, "body"), message, scene);
    row.dataset.seq = message.seq;
    drawKind(row.querySelector("use"), room);
    show(row.querySelector(".mentioned__where .icon"), !isTalk(room));
    write(part(row, "room"), titleOf(app.store, room));
    fillEgg(part(row, "egg"), author);
    for (const name of parts(row, "author")) write(name, author.name);
    drawQuote(row, message.reply_to ?? null, scene);
    part(row, "time").dateTime = isoTime(message.at);
    write(part(row, "time"), momentLabel(message.at));
    drawMentions(part(row, "body"), scene);
    for (const control of part(row, "body").querySelectorAll(".mention[data-person]")) control.tabIndex = 0;
    part(row, "open").href = root ? `${threadPathOf(room, root)}#t-${message.number}` : pathOf(room, message.number);
    row.classList.toggle("mentioned--me", isAct(message));
    this.fill(row, app.store.room(roomId), message, roomId);
    return row;
  }

  #newRow(id) {
    const row = clone(this.template);
    row.dataset.found = id;
    return row;
  }

  fill() {}
}

/** Only what changed: the rows are drawn with every message that comes anywhere. */
function drawQuote(row, number, scene) {
  const signs = signsOfQuote(number, scene).join();
  if (row.dataset.quote !== signs) fillQuote(row, number, scene);
  row.dataset.quote = signs;
}
