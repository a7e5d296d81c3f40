/** One alarm. Setting it again forgets the earlier time. */
export class Timer {
  #id = null;
  #ring;

  constructor(ring) {
    this.#ring = ring;
  }

  get pending() {
    return this.#id !== null;
  }

  set(milliseconds) {
    this.clear();
    this.#id = setTimeout(() => {
      this.#id = null;
      this.#ring();
    }, milliseconds);
  }

  /** Leaves an alarm that is set already where it is. */
  setOnce(milliseconds) {
    if (!this.pending) this.set(milliseconds);
  }

  clear() {
    clearTimeout(this.#id);
    this.#id = null;
  }
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
