import { app } from "roost/core/app.js";
import { Timer } from "roost/core/timer.js";

const SCREENS_AHEAD = 2;
// On a very tall screen two of them and the screen itself would not fit into the 300 messages of the document.
const MOST_AHEAD = 2_000;
const MOST_DOUBLINGS = 5;

/** Brings history, one page at a time. Asking again for what did not help waits longer each time. */
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

  /** Lets the view grow where its edge comes near, from memory or from the server; the far side goes. */
  stretch(view, scroller) {
    const ahead = Math.min(SCREENS_AHEAD * scroller.screen, MOST_AHEAD);
    if (scroller.top < ahead && !view.atStart) this.#grow(view, "older", "trimBelow", { before: view.from });
    else if (scroller.distance < ahead && !view.atEnd) this.#grow(view, "newer", "trimAbove", { after: view.to });
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

  #grow(view, direction, trim, where) {
    if (!view[direction]()) return void this.fetch(view.room, where);
    view[trim]();
    this.#arrived();
  }
}
