import { Timer } from "roost/core/timer.js";

const BROKEN = 1006;
const BLOCKED_AFTER = 2;
const TRY_AGAIN_AFTER = 600_000;

/**
 * The lines that a Socket opens: WebSockets, or streams where something on the way refuses upgrades. Blocked is what
 * failed twice in a row while the server answered; after a while, and on the next page, it is tried again.
 */
export class WayIn {
  #webSocket;
  #stream;
  #answers;
  #failures = 0;
  #substitute = null;
  #again = new Timer(() => (this.#failures = BLOCKED_AFTER - 1));

  /** `webSocket()` and `stream()` make a line; `answers()` resolves to whether the server can be reached. */
  constructor({ webSocket, stream, answers }) {
    this.#webSocket = webSocket;
    this.#stream = stream;
    this.#answers = answers;
  }

  open = () => {
    // A substitute that never said a word is no better than what it stands in for.
    if (this.#substitute?.lived === false) this.#failures = 0;
    this.#substitute = this.#failures < BLOCKED_AFTER ? null : this.#stream();
    return this.#substitute ?? this.#watched(this.#webSocket());
  };

  #watched(line) {
    let lived = false;
    const live = () => {
      lived = true;
      this.#failures = 0;
    };
    line.addEventListener("message", live, { once: true });
    line.addEventListener("close", ({ code }) => code === BROKEN && !lived && this.#count());
    return line;
  }

  async #count() {
    if (!(await this.#answers())) return;
    this.#failures += 1;
    if (this.#failures >= BLOCKED_AFTER) this.#again.set(TRY_AGAIN_AFTER);
  }
}
