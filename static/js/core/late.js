import { reacted } from "roost/core/reactions.js";

const MOST = 1_000;

/** Reactions to messages that are not held: an answer on its way may bring one as it was before. */
export class Late {
  #events = [];

  keep(event) {
    this.#events.push(event);
    if (this.#events.length > MOST) this.#events.shift();
  }

  /** A message that came, as it is by now. */
  brought(message) {
    const missed = this.#events.filter(({ number, seq }) => number === message.number && seq > message.seq);
    return missed.reduce(reacted, message);
  }
}
