import { app } from "roost/core/app.js";
import { Timer } from "roost/core/timer.js";

const MOST_DOUBLINGS = 5;

/** Loads history, one page at a time. Asking again for what did not help waits longer each time. */
export class Supply {
  #arrived;
  #busy = false;
  #last = "";
  #repeats = 0;
  #retry;

  /** `arrived` is called when there may be more than before. */
  constructor(arrived) {
    this.#arrived = arrived;
    this.#retry = new Timer(arrived);
  }

  async fetch(room, where) {
    if (this.#busy || this.#retry.pending || !app.socket.live) return;
    const wish = JSON.stringify([room.id, where]);
    this.#repeats = wish === this.#last ? Math.min(this.#repeats + 1, MOST_DOUBLINGS) : 0;
    this.#last = wish;
    this.#busy = true;
    const came = await app.live.load(room.id, where);
    this.#busy = false;
    if (came && this.#repeats === 0) this.#arrived();
    else this.#retry.set(1000 * 2 ** this.#repeats);
  }

  /** Another room: what was in the way is no more. */
  reset() {
    this.#retry.clear();
    this.#last = "";
  }
}
