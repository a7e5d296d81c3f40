import { Timer } from "roost/core/timer.js";

const GRACE = 1_000;
const PACE = 10_000;

/**
 * Tells of what others post where nobody looks: each message once, whichever tabs of this browser hear of it. A second
 * passes first, for what is being read on another device; the next of the same room waits ten.
 */
export class Notices {
  #store;
  #claims;
  #wanted;
  #isLookedAt;
  #newest;
  #tell;
  #timers = new Map();

  /**
   * `wanted(room)`: the person wants to be told of what is posted there. `isLookedAt(room)` resolves to whether a tab shows the room to somebody,
   * `newest(room)` to its newest message or null. `tell({room, message})` tells.
   */
  constructor({ store, claims, wanted, isLookedAt, newest, tell }) {
    this.#store = store;
    this.#claims = claims;
    this.#wanted = wanted;
    this.#isLookedAt = isLookedAt;
    this.#newest = newest;
    this.#tell = tell;
  }

  /** Something was posted in a room. What comes while nobody wants to be told is not made up for later. */
  hear(room) {
    if (this.#wanted(this.#store.room(room))) this.#timer(room).setOnce(GRACE);
  }

  #timer(room) {
    if (!this.#timers.has(room)) this.#timers.set(room, new Timer(() => this.#consider(room)));
    return this.#timers.get(room);
  }

  async #consider(id) {
    const room = this.#store.room(id);
    if (!room || room.unread === 0 || !this.#wanted(room)) return;
    await this.#claims.once(id, room.number, async (toldAt) => {
      if (await this.#isLookedAt(id)) return toldAt;
      const wait = toldAt + PACE - Date.now();
      if (wait > 0) return this.#later(id, wait);
      const message = await this.#newest(id);
      if (!message) return null;
      if (this.#isNoNews(message) || message.number <= room.read) return toldAt;
      await this.#tell({ room, message });
      return Date.now();
    });
  }

  #isNoNews({ author }) {
    return author === this.#store.person.id || this.#store.blocked.has(author);
  }

  #later(id, wait) {
    // Not longer, whatever was done to the clock meanwhile.
    this.#timer(id).setOnce(Math.min(wait, PACE));
    return null;
  }
}
