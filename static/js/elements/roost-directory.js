import { isFailure } from "roost/core/failures.js";
import { pathOf } from "roost/core/place.js";
import { Timer } from "roost/core/timer.js";
import { agoLabel, isoTime } from "roost/core/times.js";
import { n, t } from "roost/core/words.js";
import { arrange, clone, drawKind, part, parts, show, write } from "roost/elements/parts.js";

const ASKED_AFTER = 150;

/** The directory: looked through while one types, joined and left in place. Without a connection the forms do it. */
class RoostDirectory extends HTMLElement {
  #socket = null;
  /** Those that are shown, in the words of the wire, by id and in their order. */
  #listed = new Map();
  #soon = new Timer(() => this.#look());

  // Lifecycle

  connectedCallback() {
    this.addEventListener("input", this.#typed);
    this.addEventListener("submit", this.#submitted);
    this.addEventListener("click", this.#clicked);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#typed);
    this.removeEventListener("submit", this.#submitted);
    this.removeEventListener("click", this.#clicked);
    this.#soon.clear();
  }

  // Actions

  /** `found` are the rooms that the page came with. */
  follow({ socket, store, found }) {
    this.#socket = socket;
    for (const listing of found) this.#draw(listing);
    store.on("rooms", () => show(part(this, "alone"), store.rooms.size === 0));
    store.on("changed", (id) => this.#learn(store.room(id)));
    store.on("removed", ({ room }) => this.#move(room.id, false));
    socket.on("event", ({ type, room }) => type === "room.joined" && this.#enter(room));
  }

  // Internal

  #typed = ({ target }) => target === part(this, "query") && this.#soon.set(ASKED_AFTER);

  #submitted = (event) => {
    if (!this.#socket?.live) return;
    event.preventDefault();
    if (event.target === part(this, "search")) this.#look();
    else this.#go(event.submitter.name, Number(event.submitter.value));
  };

  #clicked = (event) => {
    if (event.target.closest('[data-action="new-room"]')) return void this.#create();
    if (event.target !== part(this, "more") || !this.#socket?.live) return;
    event.preventDefault();
    this.#look([...this.#listed.keys()].at(-1));
  };

  /** From the beginning, or what comes past the room `after`. */
  async #look(after = null) {
    this.#soon.clear();
    const prefix = part(this, "query").value.trim();
    const answer = await this.#request({ type: "room.list", prefix, ...(after === null ? {} : { after }) });
    if (!answer || prefix !== part(this, "query").value.trim()) return;
    if (after === null) this.#listed.clear();
    const before = after === null ? [] : [...part(this, "found").children];
    const rows = answer.rooms.map((listing) => this.#draw(listing));
    arrange(part(this, "found"), [...before, ...rows]);
    show(part(this, "none"), this.#listed.size === 0);
    show(part(this, "more"), !answer.last);
    if (after !== null) rows[0]?.querySelector(".btn:not([hidden])").focus();
  }

  /** Who comes in learns what the room is called by now. */
  #enter(room) {
    this.#learn(room);
    this.#move(room.id, true);
  }

  #learn({ id, slug, name, topic, kind, archived = false }) {
    this.#change(id, { slug, name, topic, kind, archived });
  }

  /** By the person, here or elsewhere, or by somebody else. Of a private room one knows no more outside. */
  #move(id, joined) {
    const listing = this.#listed.get(id);
    if (!listing || Boolean(listing.joined) === joined) return;
    this.#change(id, { joined, members: listing.members + (joined ? 1 : -1) });
    if (!joined && listing.kind === "private") {
      this.#row(id).remove();
      this.#listed.delete(id);
    }
  }

  #change(id, changes) {
    const listing = this.#listed.get(id);
    if (listing) this.#draw({ ...listing, ...changes });
  }

  #draw(listing) {
    this.#listed.set(listing.id, listing);
    const row = this.#row(listing.id) ?? clone("listed-room-template");
    fill(row, listing);
    return row;
  }

  #row(id) {
    return this.querySelector(`.listed[data-room="${id}"]`);
  }

  /** `way` is "join" or "leave". */
  async #go(way, room) {
    const answer = await this.#request({ type: `room.${way}`, room });
    if (!answer) return;
    if (answer.room) this.#enter(answer.room);
    else this.#move(room, false);
    const { name } = this.#listed.get(room);
    this.#say(way === "join" ? t("Joined #{room}.", { room: name }) : t("You left #{room}.", { room: name }));
    part(this.#row(room), way === "join" ? "open" : "join").focus();
  }

  async #create() {
    const { openNewRoom } = await import("roost/layers/new_room.js");
    openNewRoom({ socket: this.#socket, enter: (room) => location.assign(pathOf(room)) });
  }

  async #request(command) {
    try {
      return await this.#socket.request(command);
    } catch (problem) {
      if (!isFailure(problem)) throw problem;
      this.#say(problem.message);
      return null;
    }
  }

  /** A new text each time, so that a screen reader says it each time. */
  #say(text) {
    part(this, "said").replaceChildren(text);
  }
}

function fill(row, listing) {
  const { id, name, topic, kind, members, at, archived = false, joined = false } = listing;
  row.id = `room-${id}`;
  row.dataset.room = id;
  drawKind(row.querySelector("use"), listing);
  for (const each of parts(row, "name")) write(each, name);
  write(part(row, "topic"), topic);
  show(part(row, "private"), kind === "private");
  show(part(row, "archived"), archived);
  write(part(row, "members"), n("{count} member", "{count} members", members));
  fillTime(part(row, "time"), at);
  part(row, "open").href = pathOf(listing);
  for (const way of ["join", "leave"]) part(row, way).value = id;
  show(part(row, "join"), !joined);
  show(part(row, "open"), joined);
  // A private room is not left in passing: nobody comes back to it by themselves.
  show(part(row, "leave"), joined && kind !== "private");
}

function fillTime(time, at) {
  if (at > 0) time.dateTime = isoTime(at);
  else time.removeAttribute("datetime");
  write(time, at > 0 ? agoLabel(at) : t("Nothing said yet"));
}

customElements.define("roost-directory", RoostDirectory);
