/**
 * Which room this tab has before somebody's eyes, for the other tabs of the browser to see: a lock that all may hold, which
 * goes with the tab however that ends.
 */
export class Looking {
  #prefix;
  #room = null;
  #letGo = () => {};

  constructor(prefix) {
    this.#prefix = prefix;
  }

  /** At `room` from now on; null: at none. */
  look(room) {
    if (room === this.#room) return;
    this.#room = room;
    this.#letGo();
    this.#letGo = () => {};
    if (room !== null) this.#hold(this.#prefix + room);
  }

  /** Resolves to whether any tab looks at the room. */
  async isLookedAt(room) {
    if (room === this.#room) return true;
    const { held } = await navigator.locks.query();
    return held.some(({ name }) => name === this.#prefix + room);
  }

  #hold(name) {
    const over = new Promise((resolve) => (this.#letGo = resolve));
    navigator.locks.request(name, { mode: "shared" }, () => over);
  }
}
