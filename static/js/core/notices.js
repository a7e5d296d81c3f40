import { levelOf, toldIn } from "roost/core/loudness.js";
import { Timer } from "roost/core/timer.js";

const GRACE = 1_000;
const PACE = 10_000;

/** The newest message of a room of which its reader is told from outside the page; 0: there is none. */
export function newestToldIn(store, room) {
  if (toldIn(store, room) === 0) return 0;
  return levelOf(store, room) === "everything" ? room.number : room.newestForMe;
}

/**
 * Tells of what others post where nobody looks: each message once, whichever tabs of this browser hear of it. A second
 * passes first, for what is being read on another device; the next of the same room waits ten.
 */
export class Notices {
  #store;
  #claims;
  #newsIn;
  #isLookedAt;
  #find;
  #tell;
  #timers = new Map();

  /**
   * `newsIn(room)`: the number of the newest message there of which the person wants to be told; 0: of none.
   * `isLookedAt(room)` resolves to whether a tab shows the room to somebody, `find(room, number)` to a message or null. `tell({room, message})` tells.
   */
  constructor({ store, claims, newsIn, isLookedAt, find, tell }) {
    this.#store = store;
    this.#claims = claims;
    this.#newsIn = newsIn;
    this.#isLookedAt = isLookedAt;
    this.#find = find;
    this.#tell = tell;
  }

  /** Something was posted in a room. What comes while nobody wants to be told is not made up for later. */
  hear(room) {
    const known = this.#store.room(room);
    if (known && this.#newsIn(known) > 0) this.#timer(room).setOnce(GRACE);
  }

  #timer(room) {
    if (!this.#timers.has(room)) this.#timers.set(room, new Timer(() => this.#consider(room)));
    return this.#timers.get(room);
  }

  async #consider(id) {
    const room = this.#store.room(id);
    const number = room ? this.#newsIn(room) : 0;
    if (number === 0) return;
    await this.#claims.once(id, number, async (toldAt) => {
      if (await this.#isLookedAt(id)) return toldAt;
      const wait = toldAt + PACE - Date.now();
      if (wait > 0) return this.#later(id, wait);
      const message = await this.#find(id, number);
      if (!message) return null;
      if (this.#isNoNews(message) || message.number <= room.read) return toldAt;
      await this.#tell({ room, message });
      return Date.now();
    });
  }

  #isNoNews({ author, removed }) {
    return removed || author === this.#store.person.id || this.#store.blocked.has(author);
  }

  #later(id, wait) {
    // Not longer, whatever was done to the clock meanwhile.
    this.#timer(id).setOnce(Math.min(wait, PACE));
    return null;
  }
}
