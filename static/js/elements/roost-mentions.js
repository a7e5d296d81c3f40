import { app } from "roost/core/app.js";
import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { pathOf } from "roost/core/place.js";
import { isAct } from "roost/core/said.js";
import { Timer } from "roost/core/timer.js";
import { isoTime, momentLabel } from "roost/core/times.js";
import { fillEgg } from "roost/elements/egg.js";
import { drawMentions, fillBody, offerMentioned } from "roost/elements/body.js";
import { arrange, clone, drawKind, onAction, part, parts, show, write } from "roost/elements/parts.js";

const SOON = 500;

/** The messages that mention the reader, the newest first, as far down as they asked. */
class RoostMentions extends HTMLElement {
  /** As the server told them last; null: not yet. */
  #mentions = null;
  #last = true;
  #stops = [];
  #drawSoon = onNextFrame(() => this.isConnected && this.#draw(), LIVELY);
  #soon = new Timer(() => this.#ask());

  // Lifecycle

  connectedCallback() {
    const { boot, place, socket, store } = app;
    if (boot.mentions) this.#take(boot.mentions, []);
    this.#stops = [
      store.on("rooms", this.#drawSoon),
      store.on("people", this.#drawSoon),
      store.on("mentioned", () => this.#soon.setOnce(SOON)),
      store.on("amended", () => this.#soon.setOnce(SOON)),
      place.on("turned", () => this.#ask()),
      socket.on("status", () => socket.live && this.#ask()),
    ];
    onAction(this, { "older-mentions": () => this.#askForOlder() });
    offerMentioned(this, app);
    this.#ask();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.#soon.clear();
  }

  // Internal

  get #shown() {
    return app.place.page === "mentions";
  }

  /** What is new stands above what was asked for before. */
  async #ask() {
    this.#soon.clear();
    const page = this.#shown ? await mentionsBefore() : null;
    if (!page) return;
    const oldest = page.mentions.at(-1)?.id ?? 0;
    const older = page.last ? [] : (this.#mentions ?? []).filter(({ id }) => id < oldest);
    this.#take(older.length > 0 ? { ...page, last: this.#last } : page, [], older);
  }

  async #askForOlder() {
    const page = await mentionsBefore(this.#mentions.at(-1).id);
    if (page) this.#take(page, this.#mentions);
  }

  #take({ mentions, people, last }, newer, older = []) {
    app.store.keep(people);
    this.#mentions = [...newer, ...mentions, ...older];
    this.#last = last;
    this.#drawSoon();
  }

  #draw() {
    if (!this.#shown || !this.#mentions) return;
    const { blocked, rooms } = app.store;
    const seen = this.#mentions.filter(({ room, message }) => rooms.has(room) && !blocked.has(message.author));
    arrange(part(this, "list"), seen.map((mention) => this.#row(mention)));
    show(part(this, "none"), seen.length === 0 && this.#last);
    show(part(this, "older"), !this.#last);
  }

  #row({ id, room: roomId, message }) {
    const { people, person, rooms } = app.store;
    const [room, author] = [rooms.get(roomId), people.get(message.author)];
    const row = this.querySelector(`[data-mention="${id}"]`) ?? newRow(id);
    const scene = { me: person.id, people };
    if (row.dataset.seq !== String(message.seq)) fillBody(part(row, "body"), message.html, scene);
    row.dataset.seq = message.seq;
    drawKind(row.querySelector("use"), room);
    write(part(row, "room"), room.name);
    fillEgg(part(row, "egg"), author);
    for (const name of parts(row, "author")) write(name, author.name);
    part(row, "time").dateTime = isoTime(message.at);
    write(part(row, "time"), momentLabel(message.at));
    drawMentions(part(row, "body"), scene);
    for (const control of part(row, "body").querySelectorAll(".mention[data-person]")) control.tabIndex = 0;
    part(row, "open").href = pathOf(room, message.number);
    row.classList.toggle("mentioned--me", isAct(message));
    row.classList.toggle("is-new", message.number > room.read);
    return row;
  }
}

/** A page of them, the newest first, before the mention `before`: {mentions, people, last}; null: not just now. */
function mentionsBefore(before = null) {
  return app.socket.request({ type: "mention.list", ...(before === null ? {} : { before }) }).catch(() => null);
}

function newRow(id) {
  const row = clone("mention-template");
  row.dataset.mention = id;
  return row;
}

customElements.define("roost-mentions", RoostMentions);
