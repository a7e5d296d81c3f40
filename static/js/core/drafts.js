import { Timer } from "roost/core/timer.js";
import { Topics } from "roost/core/topics.js";

const DELAY = 300;

/** Unsent text by room, on a shelf 300 ms after a change at the latest. Says "changed" when a room gains or loses one. */
export class Drafts {
  #shelf;
  #unsaved = new Map();
  #topics = new Topics();
  #timer = new Timer(() => this.flush());

  constructor(shelf) {
    this.#shelf = shelf;
  }

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  read(room) {
    return this.#unsaved.get(room) ?? this.#shelf.get(String(room)) ?? "";
  }

  has(room) {
    return this.read(room).trim() !== "";
  }

  write(room, text) {
    const had = this.has(room);
    this.#unsaved.set(room, text);
    this.#timer.setOnce(DELAY);
    if (had !== this.has(room)) this.#topics.say("changed", room);
  }

  /** Saves at once: the page is about to go. */
  flush() {
    this.#timer.clear();
    for (const [room, text] of this.#unsaved) this.#save(String(room), text);
    this.#unsaved.clear();
  }

  #save(room, text) {
    if (text) this.#shelf.set(room, text);
    else this.#shelf.remove(room);
  }
}
