const NEWEST = 100;

/**
 * The messages of one room that have files, as far down as they were asked for: of each its newest state, whatever order the
 * states come in, and of the removed ones that they are.
 */
export class RoomFiles {
  /** Where the next page begins; null: nothing is older. */
  before = null;
  /** The last of the last page. What is older may be heard of, too, but not of all that stands between. */
  #end = 0;
  #messages = new Map();

  /** A page of them, as the server tells it, which is not empty unless it is the last. */
  take({ messages, before }) {
    for (const message of messages) this.hear(message);
    this.before = before;
    this.#end = before === null ? 0 : messages.at(-1).number;
  }

  /** A message of the room that is new, or another one now. */
  hear(message) {
    const known = this.#messages.get(message.number);
    if (known ? message.seq > known.seq : message.files?.length > 0) this.#messages.set(message.number, message);
  }

  /** What the page holds of the room: the newest are listed by the server a moment later, and changes may have been missed. */
  compare(room) {
    const newest = Array.from({ length: NEWEST }, (_, back) => room.number - back);
    for (const number of [...newest, ...this.#messages.keys()]) {
      const held = room.message(number);
      if (held) this.hear(held);
    }
  }

  /** {message, file} of each, the newest message first. */
  get listed() {
    const inOrder = [...this.#messages.values()].sort((one, other) => other.number - one.number);
    const known = inOrder.filter(({ number }) => number >= this.#end);
    return known.flatMap((message) => (message.files ?? []).map((file) => ({ message, file })));
  }
}
