const AHEAD_LIMIT = 1_000;
const MOST = 1_500;
const NEAR = 350;
const NEWEST = 300;

/**
 * One room as this page knows it. Message numbers have no holes, so a missing number is a message not loaded, or one
 * that was forgotten because it is far from what is shown; `seq` counts the room's durable changes, and `held` is the
 * last of them taken in its turn (null: nothing loaded yet).
 */
export class Room {
  /** Newest message number and change heard of, which may be more than what is held. */
  number = 0;
  seq = 0;
  held = null;
  /** The newest message number as of `held`: below it history, above it nothing. */
  tail = 0;
  read = 0;
  /** The read marker as the server last told it; ours differs from it until the server has heard. */
  serverRead = 0;
  /** What is unread here was marked so by hand: looking at it does not read it. */
  keptUnread = false;
  members = null;
  /** Of a talk: the ids of its people, and when something was said last. */
  people = [];
  at = 0;
  online = 0;
  /** How the reader wants to have it. */
  favourite = false;
  muted = false;
  hidden = false;
  level = "default";
  /** Numbers of messages that mention the reader, as far as they were heard of. */
  #mentions = new Set();
  /** The change of which its name, texts and rules are; what was read before it says nothing of them. */
  #changed = 0;

  #messages = new Map();
  #nonces = new Map();
  /** What messages of the room answer, as it came with them: of some only the beginning. */
  #quoted = new Map();
  #ahead = new Map();
  #settled = new Map();
  #shown = { from: 1, to: 0 };

  constructor(row) {
    this.id = row.id;
    this.prefer(row);
    this.mention(row.mentions);
    this.update(row);
  }

  get unread() {
    return Math.max(0, this.number - this.read);
  }

  /** How many unread messages mention the reader. */
  get forMe() {
    return [...this.#mentions].filter((number) => number > this.read).length;
  }

  get newestForMe() {
    return Math.max(0, ...this.#mentions);
  }

  /** Whether changes are known to exist that were not taken. */
  get behind() {
    return this.held !== null && this.held < this.seq;
  }

  get loaded() {
    return this.held !== null;
  }

  /** The row of the sidebar. It may have been read before what was heard meanwhile, so nothing moves backwards. */
  update(row) {
    const { number, seq, read, created, role = "member", people = [], at = 0 } = row;
    Object.assign(this, { created, role, people: people.map(({ id }) => id) });
    this.at = Math.max(this.at, at);
    this.become(row);
    this.heads(number, seq);
    if (read > this.serverRead) this.markRead(read);
  }

  /** What it is called and which rules hold, all of it, as of change `seq`. */
  become({ seq, slug, name, topic, kind, description = "", posting = "everybody", slow_seconds: slow = 0, ...flags }) {
    if (seq < this.#changed) return;
    this.#changed = seq;
    const { archived = false, is_default: isDefault = false, cards = true } = flags;
    const { is_readable: isReadable = false, is_unlisted: isUnlisted = false } = flags;
    Object.assign(this, { slug, name, topic, kind, description, posting, slow, archived, isDefault, isReadable, isUnlisted, cards });
  }

  prefer({ favourite = false, muted = false, hidden = false, level = "default" }) {
    Object.assign(this, { favourite, muted, hidden, level });
  }

  /** These messages mention the reader. */
  mention(numbers = []) {
    for (const number of numbers) this.#mentions.add(number);
  }

  mentionNoMore(number) {
    this.#mentions.delete(number);
  }

  /** As a new connection tells it; the marker was moved back elsewhere, unless it was moved here and that is not told yet. */
  meet({ read, ...row }) {
    this.prefer(row);
    this.#mentions = new Set(row.mentions);
    if (this.read === this.serverRead && read < this.read) this.markUnread(read);
    this.serverRead = read;
  }

  /** The server says that somebody read so far, here or on another device. */
  markRead(number) {
    this.serverRead = number;
    this.moveRead(Math.max(this.read, number));
  }

  /** The server says that the marker was moved back. */
  markUnread(number) {
    this.serverRead = number;
    this.read = number;
    this.keptUnread = true;
  }

  /** Nobody looks at it any more, or not yet: what is unread may be read again. */
  letRead() {
    this.keptUnread = false;
  }

  /** By the reader, here; moved back it stays until they leave. */
  moveRead(number) {
    this.keptUnread = number < this.read || (number === this.read && this.keptUnread);
    this.read = number;
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

  /** What there is to quote of message `number`, as it is now; undefined: it is not known here. */
  quote(number) {
    const [held, quoted] = [this.#messages.get(number), this.#quoted.get(number)];
    return held?.seq >= (quoted?.seq ?? 0) ? held : quoted;
  }

  /** Whether a message answers this person; nobody answers themselves. */
  answers({ author, reply_to: number }, id) {
    return number !== undefined && author !== id && this.quote(number)?.author === id;
  }

  keepQuoted(messages = []) {
    for (const message of messages) {
      if (message.seq > (this.quote(message.number)?.seq ?? 0)) this.#quoted.set(message.number, message);
    }
  }

  /** The ids of those who wrote what is held, who spoke last first. */
  get speakers() {
    const last = new Map();
    for (const { author, number } of this.#messages.values()) last.set(author, Math.max(number, last.get(author) ?? 0));
    return [...last.keys()].sort((one, other) => last.get(other) - last.get(one));
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

  /** Messages `from` to `to` are shown. */
  shows(from, to) {
    this.#shown = { from, to };
    if (this.#messages.size > MOST) this.#forgetFar(NEAR);
  }

  /** Nobody looks at it any more. */
  left() {
    this.#forgetFar(0);
  }

  /** A live message: they come without end, also while nothing is shown, as on a phone with the list of rooms before it. */
  add(message, me) {
    this.put(message, me);
    if (this.#messages.size > MOST) this.#forgetFar(NEAR);
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
    for (const held of [this.#messages, this.#nonces, this.#quoted]) held.clear();
  }

  /** An entry of the outbox that is stored as `message`, which has not come in its turn yet: shown until then. */
  settle(entry, message) {
    if (this.loaded && this.held < message.seq) this.#settled.set(entry.nonce, { ...entry, seq: message.seq });
  }

  get settled() {
    return [...this.#settled.values()];
  }

  /** Keeps what is shown, `near` messages on both sides of it, and the newest. The view loads again what it misses. */
  #forgetFar(near) {
    const { from, to } = this.#shown;
    const gone = [];
    for (const [number, message] of this.#messages) {
      if ((from - near <= number && number <= to + near) || number > this.number - NEWEST) continue;
      this.#messages.delete(number);
      if (this.#nonces.get(message.nonce) === number) this.#nonces.delete(message.nonce);
      gone.push(message);
    }
    this.#quoteOnly(gone);
  }

  /** What is kept answers some of these. */
  #quoteOnly(gone) {
    const answered = new Set([...this.#messages.values()].map(({ reply_to: number }) => number));
    this.keepQuoted(gone);
    for (const number of this.#quoted.keys()) if (!answered.has(number)) this.#quoted.delete(number);
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
