import { Topics } from "roost/core/topics.js";

const POSITION_LIFE = 10 * 60_000;

/**
 * Where the reader is: a room, and the number of the message a link led to (null: none). Says "moved". Remembers for ten
 * minutes where in a room the reading stopped.
 */
export class Place {
  room = null;
  target = null;

  #positions = new Map();
  #topics = new Topics();

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  go(room, target = null) {
    this.room = room;
    this.target = target;
    this.#topics.say("moved", this);
  }

  /** `position` is {number, offset} of the first message in view, or null at the end. */
  remember(room, position) {
    if (position) this.#positions.set(room, { ...position, until: Date.now() + POSITION_LIFE });
    else this.#positions.delete(room);
  }

  recall(room) {
    const position = this.#positions.get(room);
    return position && Date.now() < position.until ? position : null;
  }
}

/** {slug, number} of an address like /chat/general/1234, or null. */
export function parsePath(path) {
  const match = /^\/chat\/([^/]+)(?:\/(\d+))?\/?$/.exec(path);
  return match && { slug: decodeURIComponent(match[1]), number: match[2] ? Number(match[2]) : null };
}

export function pathOf(room, number = null) {
  return `/chat/${encodeURIComponent(room.slug)}${number === null ? "" : `/${number}`}`;
}
