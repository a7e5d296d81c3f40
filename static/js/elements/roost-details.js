import { app } from "roost/core/app.js";
import { onNextFrame } from "roost/core/frame.js";
import { moderates } from "roost/core/rights.js";
import { Roster } from "roost/core/roster.js";
import { Timer } from "roost/core/timer.js";
import { isTalk, onlineIn } from "roost/core/talks.js";
import { longDate } from "roost/core/times.js";
import { t } from "roost/core/words.js";
import { fillEgg } from "roost/elements/egg.js";
import { arrange, clone, drawKind, onAction, part, show, write } from "roost/elements/parts.js";
import { offerTabs } from "roost/elements/tabs.js";
import { openAddPeople, openLeave, openProfile, openRoomSettings, whenLoaded } from "roost/features/layers.js";

const RETRY = 5_000;
const SOON = 1_000;
const PEOPLE_PER_SECOND = 100;

const PANELS = {
  "tab-pins": () => import("roost/elements/roost-pins.js"),
  "tab-files": () => import("roost/elements/roost-files.js"),
};

/** What the room is, and who is in it as they come and go: those who are here, the idle ones last, and the others. */
class RoostDetails extends HTMLElement {
  #roster = null;
  /** Whether something may have been missed since the people were loaded. */
  #stale = true;
  #loading = false;
  #rows = new Map();
  #stops = [];
  #drawSoon = onNextFrame(() => this.isConnected && this.#draw());
  #again = new Timer(() => this.#load());
  #size = new ResizeObserver(() => this.#stale && this.#load());
  #end = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && this.#loadMore());

  // Lifecycle

  connectedCallback() {
    const { place, socket, store } = app;
    const ours = (room) => room === place.room;
    this.#stops = [
      place.on("moved", () => this.#enter()),
      store.on("moved", (moves) => ours(moves.room) && this.#move(moves)),
      store.on("joined", ({ room, person }) => ours(room) && this.#join(person)),
      store.on("left", ({ room, person }) => ours(room) && this.#leave(person)),
      store.on("changed", (room) => ours(room) && this.#drawSoon()),
      store.on("online", (room) => ours(room) && this.#drawSoon()),
      store.on("preferred", (room) => ours(room) && this.#drawSoon()),
      store.on("people", this.#drawSoon),
      socket.on("status", () => socket.live && this.#load()),
    ];
    onAction(this, {
      "add-people": () => openAddPeople(app),
      "room-settings": () => openRoomSettings(app),
      "leave-room": () => openLeave(app),
      prefer: (button) => this.#prefer({ [button.dataset.part]: button.ariaPressed !== "true" }),
      "hide-room": async () => (await import("roost/layers/preferring.js")).hideRoom(app, store.room(place.room)),
      "copy-room-link": async () => (await import("roost/layers/copying.js")).copyRoomLink(store.room(place.room)),
      person: (button) => openProfile(app, store.people.get(Number(button.dataset.person)), button),
    });
    offerTabs(part(this, "tabs"), ({ id }) => PANELS[id] && whenLoaded(PANELS[id]()));
    part(this, "level").addEventListener("change", ({ target }) => this.#prefer({ level: target.value }));
    this.#size.observe(part(this, "panel"));
    this.#end.observe(part(this, "more"));
    this.#draw();
    this.#load();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.#size.disconnect();
    this.#end.disconnect();
    this.#again.clear();
  }

  // Internal

  /** What did not work looks as before. */
  async #prefer(wishes) {
    const room = app.store.room(app.place.room);
    const { prefer } = await import("roost/layers/preferring.js");
    if (!(await prefer(app, room, wishes))) this.#draw();
  }

  #enter() {
    this.#roster = null;
    part(this, "panel").querySelector(".details__body").scrollTop = 0;
    this.#draw();
    this.#load();
  }

  #move({ came, went, idle }) {
    const told = came.length + went.length + idle.length > 0;
    if (this.#roster?.move(came, went, idle) && told) this.#drawSoon();
    else this.#loadLater();
  }

  #join(person) {
    this.#roster?.join(person.id);
    this.#drawSoon();
  }

  #leave(person) {
    this.#roster?.leave(person.id);
    this.#drawSoon();
  }

  /** Many came at once, and all who look at this ask: they spread over the more time the more they may be. */
  #loadLater() {
    const { online } = app.store.room(app.place.room);
    this.#stale = true;
    this.#again.setOnce(SOON + (Math.random() * online * 1_000) / PEOPLE_PER_SECOND);
  }

  /** The first page of those who are here, and of the others if that is all. What is shown stays until both are there. */
  async #load() {
    const { room } = app.place;
    if (!this.#shown || !app.socket.live) return void (this.#stale = true);
    this.#stale = false;
    const roster = new Roster(app.store.people);
    do if (!(await this.#fetch(room, roster))) return void (room === app.place.room && this.#again.setOnce(RETRY));
    while (roster.next && roster.next.after === null);
    this.#roster = roster;
    this.#draw();
  }

  async #loadMore() {
    const { room } = app.place;
    if (!this.#roster?.next || this.#loading) return;
    this.#loading = true;
    const came = await this.#fetch(room, this.#roster);
    this.#loading = false;
    if (came) this.#draw();
    else this.#again.setOnce(RETRY);
  }

  /** Whether the roster's next page came, and is still wanted. */
  async #fetch(room, roster) {
    const page = await app.live.members(room, roster.next);
    if (!page || room !== app.place.room) return false;
    roster.take(page);
    return true;
  }

  get #shown() {
    return part(this, "panel").offsetWidth > 0;
  }

  #draw() {
    const room = app.store.room(app.place.room);
    if (!room) return;
    drawKind(this.querySelector("h3 use"), room);
    show(part(this, "settings"), !isTalk(room) && moderates(app.store.person, room));
    write(part(this, "description"), room.description);
    show(part(this, "readable"), room.isReadable);
    write(part(this, "created"), t("Made on {date}", { date: longDate(room.created) }));
    for (const wish of ["favourite", "muted"]) part(this, wish).ariaPressed = String(room[wish]);
    part(this, "level").value = room.level;
    const online = Math.min(onlineIn(app.store, room), room.members ?? 0);
    this.#drawSide(["here", "idle"], t("Here now, {count}", { count: online }), online);
    this.#drawSide(["away"], t("Away from the wire, {count}", { count: (room.members ?? 0) - online }), room.members - online);
    write(part(this, "everybody"), t("Members, {count}", { count: room.members ?? 0 }));
    this.#drawEnd();
  }

  /** Under the name of the first of these sides. */
  #drawSide(sides, title, count) {
    const rows = sides.flatMap((side) => this.#roster?.listed(this.#roster[side]).map((person) => this.#row(person, side)) ?? []);
    write(part(this, sides[0]), title);
    show(part(this, `${sides[0]}-side`), count > 0);
    arrange(part(this, `${sides[0]}-list`), rows);
  }

  /** Bones where others follow; looked at anew, because what is in view still does not come into it. */
  #drawEnd() {
    const end = part(this, "more");
    show(end, this.#roster === null || this.#roster.next !== null);
    this.#end.unobserve(end);
    this.#end.observe(end);
  }

  #row(person, side) {
    const row = this.#rows.get(person.id) ?? clone("member-template");
    this.#rows.set(person.id, row);
    row.firstElementChild.dataset.person = person.id;
    fillEgg(part(row, "egg"), person);
    part(row, "presence").classList.toggle("presence--idle", side === "idle");
    show(part(row, "idle"), side === "idle");
    write(part(row, "name"), person.name);
    write(part(row, "role"), roleTag(person));
    show(part(row, "role"), roleTag(person) !== "");
    write(part(row, "handle"), person.id === app.store.person.id ? t("You") : `@${person.handle}`);
    return row;
  }
}

function roleTag({ role }) {
  return { owner: t("Owner"), admin: t("Admin"), moderator: t("Moderator") }[role] ?? "";
}

customElements.define("roost-details", RoostDetails);
