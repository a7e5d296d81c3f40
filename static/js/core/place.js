import { Topics } from "roost/core/topics.js";

const POSITION_LIFE = 10 * 60_000;

export const CATCH_UP = "/catch-up";
export const SEARCH = "/search";
const PAGES = { [CATCH_UP]: "catch-up", "/mentions": "mentions", "/saved": "saved", "/threads": "threads", [SEARCH]: "search" };

/**
 * Where the reader is: a room, and the number of the message a link led to (null: none). Says "moved". Or at a page that
 * lies over the room, which stays open behind it. Says "turned". Beside the room a thread may be open. Says "beside". Remembers for ten minutes where in a room the reading
 * stopped, also while the page is loaded anew.
 */
export class Place {
  room = null;
  target = null;
  /** "catch-up", "mentions", "saved", "search", "threads", or null: the room. */
  page = null;
  /** What the page was asked for, as the address has it: "?q=…" or "". */
  query = "";
  /** The number of the message of the room whose thread is open, or null. */
  beside = null;

  #positions;
  #topics = new Topics();

  constructor(shelf) {
    this.#positions = shelf;
  }

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  /** Away from a room, and from what is beside it. */
  go(room, target = null) {
    if (room !== this.room) this.openBeside(null);
    this.room = room;
    this.target = target;
    this.#topics.say("moved", this);
  }

  /** One for what is beside the room: a place of its own. */
  another() {
    return new Place(this.#positions);
  }

  openBeside(number) {
    if (number === this.beside) return;
    this.beside = number;
    this.#topics.say("beside", this);
  }

  turnTo(page, query = "") {
    if (page === this.page && query === this.query) return;
    this.page = page;
    this.query = query;
    this.#topics.say("turned", this);
  }

  /** `position` is {number, offset} of the first message in view, or null at the end. */
  remember(room, position) {
    const { number, offset } = position ?? {};
    if (!number) return this.#positions.remove(String(room));
    this.#positions.set(String(room), { number, offset, until: Date.now() + POSITION_LIFE });
  }

  recall(room) {
    const position = this.#positions.get(String(room));
    return position && Date.now() < position.until ? position : null;
  }
}

/** The page over the room that an address leads to, or null. */
export function pageAt(path) {
  return PAGES[path] ?? null;
}

/** {slug, number, beside} of an address like /chat/general/1234, or null; `beside` tells that it is of a thread. */
export function parsePath(path) {
  const match = /^\/chat\/([^/]+)(?:\/(\d+)(\/thread)?)?\/?$/.exec(path);
  if (!match) return null;
  return { slug: decodeURIComponent(match[1]), number: match[2] ? Number(match[2]) : null, beside: Boolean(match[3]) };
}

export function threadPathOf(room, number) {
  return pathOf(room, number) + "/thread";
}

/** Of a room, or of a message in it. A thread has the address of the message that it is about. */
export function pathOf(room, number = null) {
  if (room.home) return threadPathOf(room.home, room.root) + (number === null ? "" : "#t-" + number);
  return `/chat/${encodeURIComponent(room.slug)}${number === null ? "" : `/${number}`}`;
}

/** The address of a search for `text`. */
export function searchPath(text) {
  return text === "" ? SEARCH : `${SEARCH}?${new URLSearchParams({ q: text })}`;
}
