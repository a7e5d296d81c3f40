import { Topics } from "roost/core/topics.js";

const POSITION_LIFE = 10 * 60_000;

export const CATCH_UP = "/catch-up";
export const SEARCH = "/search";
const PAGES = { [CATCH_UP]: "catch-up", "/mentions": "mentions", "/saved": "saved", [SEARCH]: "search" };

/**
 * Where the reader is: a room, and the number of the message a link led to (null: none). Says "moved". Or at a page that
 * lies over the room, which stays open behind it. Says "turned". Remembers for ten minutes where in a room the reading
 * stopped, also while the page is loaded anew.
 */
export class Place {
  room = null;
  target = null;
  /** "catch-up", "mentions", "saved", "search", or null: the room. */
  page = null;
  /** What the page was asked for, as the address has it: "?q=…" or "". */
  query = "";

  #positions;
  #topics = new Topics();

  constructor(shelf) {
    this.#positions = shelf;
  }

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  go(room, target = null) {
    this.room = room;
    this.target = target;
    this.#topics.say("moved", this);
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

/** {slug, number} of an address like /chat/general/1234, or null. */
export function parsePath(path) {
  const match = /^\/chat\/([^/]+)(?:\/(\d+))?\/?$/.exec(path);
  return match && { slug: decodeURIComponent(match[1]), number: match[2] ? Number(match[2]) : null };
}

export function pathOf(room, number = null) {
  return `/chat/${encodeURIComponent(room.slug)}${number === null ? "" : `/${number}`}`;
}

/** The address of a search for `text`. */
export function searchPath(text) {
  return text === "" ? SEARCH : `${SEARCH}?${new URLSearchParams({ q: text })}`;
}
