import { Timer } from "roost/core/timer.js";

export const QUIET = 300_000;

/** Whether nobody has touched the page for five minutes; `tell` hears of it when that changes. */
export class Idleness {
  idle = false;
  #tell;
  #touched = Date.now();
  #alarm = new Timer(() => this.#look());

  constructor(tell) {
    this.#tell = tell;
    this.#alarm.set(QUIET);
  }

  /** Somebody did something. It happens all the time, so it only makes a note, unless it ends a rest. */
  touch() {
    this.#touched = Date.now();
    if (this.idle) this.#become(false);
  }

  /** Nobody sees the page from now on. The alarm that was set may be early, and would wake a hidden page twice. */
  hide() {
    this.#touched = Date.now();
    if (!this.idle) this.#alarm.set(QUIET);
  }

  #look() {
    const left = this.#touched + QUIET - Date.now();
    if (left > 0) this.#alarm.set(left);
    else this.#become(true);
  }

  #become(idle) {
    this.idle = idle;
    if (!idle) this.#alarm.set(QUIET);
    this.#tell(idle);
  }
}
