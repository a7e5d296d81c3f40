const AHEAD_LIMIT = 1_000;

/**
 * One room as this page knows it. Message numbers have no holes, so a missing number is a message not loaded; `seq`
 * counts the room's durable changes, and `held` is the last of them taken in its turn (null: nothing loaded yet).
 */
export class Room {
  /** Newest message number and change heard of, which may be more than what is held. */
  number = 0;
  seq = 0;
  held = null;
  /** The newest message number as of `held`: below it history, above it nothing. */
  tail = 0;
  read = 0;
  /** The read marker as the server last told it; ours is ahead of it while the connection is gone. */
  serverRead = 0;
  members = null;
  online = 0;

  #messages = new Map();
  #nonces = new Map();
  #ahead = new Map();
  #settled = new Map();

  constructor(row) {
    this.id = row.id;
    this.update(row);
  }

  get unread() {
    return Math.max(0, this.number - this.read);
  }

  /** Whether changes are known to exist that were not taken. */
  get behind() {
    return this.held !== null && this.held < this.seq;
  }

  get loaded() {
    return this.held !== null;
  }

  /** The row of the sidebar; heads and read marker never move backwards. */
  update({ slug, name, topic, kind, number, seq, read }) {
    Object.assign(this, { slug, name, topic, kind });
    this.heads(number, seq);
    this.serverRead = read;
    this.read = Math.max(this.read, read);
  }

  heads(number, seq) {
    this.number = Math.max(this.number, number);
    this.seq = Math.max(this.seq, seq);
  }

  message(number) {
    return this.#messages.get(number);
  }

  has(number) {
    return this.#messages.has(number);
  }

  /** Whether the writer's own message with this nonce is among those held. */
  hasNonce(nonce) {
    return this.#nonces.has(nonce);
  }

  /** Keeps the newest state of a message, whatever order the states come in; `me` is the reader's id. */
  put(message, me) {
    const known = this.#messages.get(message.number);
    if (known && known.seq > message.seq) return;
    this.#messages.set(message.number, message);
    if (message.author === me) this.#nonces.set(message.nonce, message.number);
  }

  /**
   * Takes a live change: at once when it is the next, later when others are missing before it, never when it is old.
   * `change` applies one, in order.
   */
  receive(event, change) {
    this.seq = Math.max(this.seq, event.seq);
    if (event.seq <= this.held || this.#ahead.size >= AHEAD_LIMIT) return;
    this.#ahead.set(event.seq, event);
    if (this.loaded) this.#advance(change);
  }

  /** Everything up to `row` is held now, of which message `tail` is the newest. After `reset` nothing else is. */
  reach(row, reset, change, tail = row.number) {
    if (reset) this.held = null;
    this.update(row);
    if (this.held === null || row.seq >= this.held) {
      this.held = row.seq;
      this.tail = tail;
    }
    this.#advance(change);
  }

  forget() {
    this.#messages.clear();
    this.#nonces.clear();
  }

  /** An entry of the outbox that is stored as `message`, which has not come in its turn yet: shown until then. */
  settle(entry, message) {
    if (this.loaded && this.held < message.seq) this.#settled.set(entry.nonce, { ...entry, seq: message.seq });
  }

  get settled() {
    return [...this.#settled.values()];
  }

  #advance(change) {
    for (const seq of this.#ahead.keys()) if (seq <= this.held) this.#ahead.delete(seq);
    for (let event; (event = this.#ahead.get(this.held + 1)); ) {
      this.#ahead.delete(event.seq);
      this.held = event.seq;
      change(event);
    }
    for (const [nonce, { seq }] of this.#settled) if (seq <= this.held) this.#settled.delete(nonce);
  }
}
