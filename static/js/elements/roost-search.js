import { app } from "roost/core/app.js";
import { isFailure } from "roost/core/failures.js";
import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { pathOf, searchPath, threadPathOf } from "roost/core/place.js";
import { isAct } from "roost/core/said.js";
import { withFilter, withoutFilter } from "roost/core/searching.js";
import { isTalk, titleOf } from "roost/core/talks.js";
import { Timer } from "roost/core/timer.js";
import { isoTime, momentLabel } from "roost/core/times.js";
import { n, t } from "roost/core/words.js";
import { drawMentions, fillSaid, offerMentioned } from "roost/elements/body.js";
import { fillEgg } from "roost/elements/egg.js";
import { arrange, clone, drawIcon, onAction, part, parts, show, write } from "roost/elements/parts.js";
import { whenLoaded } from "roost/features/layers.js";
import { chooseView } from "roost/features/navigation.js";

/** Of 30 searches in a minute 20 at most are the page's own. */
const SOON = 3_000;
/** Characters of a message beside a hit, as the server gives it. */
const LINE = 200;

/** Messages that match a text, the newest first, as far down as the reader asked. The address holds the text. */
class RoostSearch extends HTMLElement {
  /** What the hits are of; null: nothing was asked yet. */
  #text = null;
  #hits = [];
  #chips = [];
  #before = null;
  /** Why there was no answer; null: there was one. */
  #problem = null;
  #asking = false;
  /** Answers that are on their way: what they hold may have changed by the time they come. */
  #underway = 0;
  #stops = [];
  #drawSoon = onNextFrame(() => this.isConnected && this.#draw(), LIVELY);
  #soon = new Timer(() => this.#askAgain());

  // Lifecycle

  connectedCallback() {
    const { boot, place, socket, store } = app;
    if (boot.search) this.#begin(boot.search);
    this.#stops = [
      store.on("rooms", this.#drawSoon),
      store.on("people", this.#drawSoon),
      store.on("amended", (changed) => this.#amend(changed)),
      place.on("turned", () => this.#arrive()),
      socket.on("status", () => socket.live && this.#return()),
    ];
    this.addEventListener("submit", (event) => this.#submitted(event));
    onAction(this, {
      "older-hits": () => this.#askForOlder(),
      "search-in": (button) => this.#choose("openRooms", button),
      "search-from": (button) => this.#choose("openPeople", button),
      "search-when": (button) => this.#choose("openTimes", button),
    });
    offerMentioned(this, app);
    if (boot.search?.text === textAsked()) this.#drawSoon();
    else this.#arrive();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.#soon.clear();
  }

  // Actions

  #submitted(event) {
    event.preventDefault();
    const { submitter } = event;
    this.#go(submitter?.name === "q" ? submitter.value : this.#query.value);
  }

  /** A step of the browser's history, unless the same is asked again. */
  #go(text) {
    const path = searchPath(text.trim());
    if (path === location.pathname + location.search) return this.#ask(text.trim());
    history.pushState(null, "", path);
    chooseView();
  }

  /** Of a menu that edits the text; a filter that needs more is left to be written. */
  #choose(menu, button) {
    const text = this.#query.value;
    const begin = (filter) => {
      this.#query.value = withFilter(text, filter);
      this.#query.focus();
    };
    whenLoaded(import("roost/layers/search_choices.js"), (layer) =>
      layer[menu](app, button, { people: this.#authors, add: (filter) => this.#go(withFilter(text, filter)), begin }),
    );
  }

  // Internal

  get #query() {
    return part(this, "query");
  }

  get #authors() {
    return new Set(this.#hits.map(({ message }) => message.author));
  }

  #begin({ text, found, problem }) {
    this.#text = text;
    this.#problem = problem && { message: problem, isOurs: true };
    if (found) this.#take(found);
  }

  #arrive() {
    if (app.place.page !== "search") return;
    const text = textAsked();
    if (text === this.#text) return this.#askAgain();
    this.#query.value = text;
    this.#ask(text);
  }

  /** What changed while there was no connection was not told. */
  #return() {
    if (this.#problem?.isOurs === false) this.#ask(this.#text);
    else this.#askAgain();
  }

  async #ask(text) {
    this.#text = text;
    this.#before = null;
    const found = text === "" ? { hits: [], chips: [], people: [], before: null } : await this.#found(text, null);
    if (text !== this.#text) return;
    if (found) this.#take(found);
    this.#drawSoon();
  }

  /** The same once more: what was asked for further down stays. */
  async #askAgain() {
    this.#soon.clear();
    this.#drawSoon();
    const text = this.#text;
    if (app.place.page !== "search" || !text) return;
    const page = await this.#request(text).catch(() => null);
    if (this.#asking) return this.#soon.setOnce(SOON);
    if (!page || text !== this.#text) return;
    const further = page.before === null ? [] : behind(page.hits, this.#hits);
    this.#problem = null;
    this.#take(further.length > 0 ? { ...page, before: this.#before } : page, [], further);
  }

  /** Until the server has said where the marks are now, and whether it is a hit still, an edited one has none. */
  #amend({ room, message }) {
    const changed = this.#hits.some((hit) => hit.room === room && isAnother(hit, message));
    if (this.#underway > 0 || (changed && !message.removed)) this.#soon.setOnce(SOON);
    const here = this.#hits.map((hit) => (hit.room === room ? amended(hit, message) : hit));
    this.#hits = here.filter((hit) => !hit.message.removed);
    this.#drawSoon();
  }

  async #askForOlder() {
    if (this.#asking) return;
    const [text, shown] = [this.#text, this.#hits.length];
    const found = await this.#found(text, this.#before);
    if (text !== this.#text) return;
    if (found) this.#take(found, this.#hits);
    this.#draw();
    // The way on may be gone, and the focus must not be lost with it.
    if (found?.hits.length) part(this, "list").children[shown]?.querySelector("a").focus();
  }

  async #request(text, before = null) {
    const zone = -new Date().getTimezoneOffset();
    this.#underway += 1;
    try {
      return await app.socket.request({ type: "message.search", text, zone, ...(before === null ? {} : { before }) });
    } finally {
      this.#underway -= 1;
    }
  }

  /** null: there was no answer, and #problem says why. */
  async #found(text, before) {
    this.#asking = true;
    this.#problem = null;
    try {
      return await this.#request(text, before);
    } catch (problem) {
      if (!isFailure(problem)) throw problem;
      if (text === this.#text) this.#problem = { message: problem.message, isOurs: Boolean(problem.code) };
      return null;
    } finally {
      this.#asking = false;
    }
  }

  #take({ hits, people, chips, before }, newer = [], further = []) {
    app.store.keep(people);
    this.#hits = [...newer, ...hits, ...further];
    this.#chips = chips;
    this.#before = before;
    this.#drawSoon();
  }

  #draw() {
    if (app.place.page !== "search" || this.#text === null) return;
    const { rooms } = app.store;
    const seen = this.#hits.filter(({ room, parent = room }) => rooms.has(parent));
    arrange(part(this, "list"), this.#problem && seen.length === 0 ? [] : seen.map((hit) => this.#row(hit)));
    this.#drawFilters();
    const hasNone = seen.length === 0 && this.#text !== "" && !this.#problem && !this.#asking;
    show(part(this, "none"), hasNone && this.#before === null);
    for (const text of parts(this, "text")) write(text, this.#text);
    show(part(this, "hints"), this.#text === "");
    show(part(this, "more"), this.#before !== null);
    show(part(this, "problem"), this.#problem !== null);
    write(part(this, "why"), this.#problem?.message ?? "");
    write(part(this, "told"), this.#told(seen.length));
  }

  #told(count) {
    if (this.#problem || this.#text === "" || (count === 0 && this.#before === null)) return "";
    return this.#before === null ? n("{count} message", "{count} messages", count) : t("The newest {count}", { count });
  }

  #drawFilters() {
    const focused = this.contains(document.activeElement) && document.activeElement;
    const drawn = [...part(this, "chips").children];
    arrange(part(this, "chips"), this.#chips.map((chip) => this.#chip(chip, drawn)));
    const has = (...kinds) => this.#chips.some(({ kind }) => kinds.includes(kind));
    show(part(this, "in"), !has("in"));
    show(part(this, "from"), !has("from"));
    show(part(this, "when"), !has("before", "after", "on"));
    for (const button of parts(this, "filter")) {
      button.value = withFilter(this.#text, button.dataset.filter);
      show(button, !this.#chips.some(({ text }) => text === button.dataset.filter));
    }
    if (focused && !focused.checkVisibility()) this.#query.focus();
  }

  /** One that is drawn already stays, with its focus; the same filter may stand in a text twice. */
  #chip({ text }, drawn) {
    const place = drawn.findIndex((chip) => part(chip, "chip").textContent === text);
    const [chip] = place < 0 ? [clone("chip-template")] : drawn.splice(place, 1);
    chip.value = withoutFilter(this.#text, text);
    write(part(chip, "chip"), text);
    return chip;
  }

  #row(hit) {
    const { people, person, rooms } = app.store;
    const { message, room: roomId, parent = roomId, root } = hit;
    const [room, author] = [rooms.get(parent), people.get(message.author)];
    const key = keyOf(hit);
    const row = this.querySelector(`[data-hit="${key}"]`) ?? newRow(key);
    const scene = { me: person.id, people };
    // Marks differ from search to search; what has no words has no HTML either.
    const { html = "" } = message;
    if (row.drawn !== html) fillSaid(part(row, "body"), message, scene);
    row.drawn = html;
    drawIcon(row.querySelector("use"), iconOf(room));
    write(part(row, "room"), titleOf(app.store, room));
    fillEgg(part(row, "egg"), author);
    for (const name of parts(row, "author")) write(name, author.name);
    part(row, "time").dateTime = isoTime(message.at);
    write(part(row, "time"), momentLabel(message.at));
    drawMentions(part(row, "body"), scene);
    for (const side of ["before", "after"]) drawBeside(part(row, side), hit[side], people);
    part(row, "open").href = root ? `${threadPathOf(room, root)}#t-${message.number}` : pathOf(room, message.number);
    row.classList.toggle("mentioned--me", isAct(message));
    return row;
  }
}

/** What the address asks for. */
function textAsked() {
  return new URLSearchParams(app.place.query).get("q")?.trim() ?? "";
}

/** Those hits that stand behind a page; none where the two do not meet. */
function behind(page, hits) {
  const told = new Set(page.map(keyOf));
  const place = hits.findLastIndex((hit) => told.has(keyOf(hit)));
  return place < 0 ? [] : hits.slice(place + 1);
}

/** Whether a hit of the room in which this message has changed is that message, and says something else now. */
function isAnother({ message: was }, message) {
  return was.number === message.number && (message.removed || was.text !== message.text);
}

/** Such a hit as it is then. */
function amended(hit, message) {
  if (isAnother(hit, message)) return { ...hit, message };
  return { ...hit, before: lineAfter(hit.before, message), after: lineAfter(hit.after, message) };
}

function lineAfter(line, message) {
  if (line?.number !== message.number) return line;
  return message.removed ? null : { ...line, text: (message.text ?? "").slice(0, LINE) };
}

function keyOf({ room, message }) {
  return `${room}/${message.number}`;
}

function iconOf(room) {
  if (isTalk(room)) return "users";
  return room.kind === "private" ? "lock" : "hash";
}

function drawBeside(line, said, people) {
  show(line, Boolean(said));
  if (!said) return;
  write(part(line, "who"), people.get(said.author).name);
  write(part(line, "said"), said.text);
}

function newRow(key) {
  const row = clone("hit-template");
  row.dataset.hit = key;
  return row;
}

customElements.define("roost-search", RoostSearch);
