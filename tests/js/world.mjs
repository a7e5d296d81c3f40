// What the tests share: a server's room with its numbers, a storage, a socket without a network.
import { Shelf } from "roost/core/shelf.js";
import { Store } from "roost/core/store.js";

export const ADA = { id: 1, handle: "ada_l", name: "Ada" };
export const GRACE = { id: 2, handle: "grace", name: "Grace" };
export const PEOPLE = [ADA, GRACE];

/** A room as the server keeps it: every change has the next seq, every message the next number. */
export class ServerRoom {
  number = 0;
  seq = 0;
  messages = [];
  history = [];
  /** What was changed of its name, texts and rules. */
  made = {};

  constructor(id = 7) {
    this.id = id;
  }

  post(author = GRACE, nonce = `nonce-${this.id}-${this.number}-abcdef`) {
    this.number += 1;
    this.seq += 1;
    const message = {
      number: this.number, seq: this.seq, author: author.id, at: 1_700_000_000_000 + this.number * 1000,
      html: `m${this.number}`, text: `m${this.number}`, nonce, kind: "msg",
    };
    this.messages.push(message);
    return this.#say({ type: "message.posted", message, person: author });
  }

  /** Message `number` is another one now, in these fields. */
  amend(number, fields) {
    this.seq += 1;
    const message = { ...this.messages[number - 1], ...fields, seq: this.seq };
    this.messages[number - 1] = message;
    return this.#say({ type: "message.changed", message });
  }

  /** It loses its words, by its author or by somebody else. */
  remove(number, by = null) {
    const { html, text, ...rest } = this.messages[number - 1];
    this.messages[number - 1] = rest;
    return this.amend(number, { removed: true, ...(by && { removed_by: by.id }) });
  }

  /** People put emoji on message `number`, or take them away: `changes` as the wire has them. */
  react(number, changes) {
    this.seq += 1;
    const message = { ...this.messages[number - 1], seq: this.seq };
    for (const { emoji, person, on = false } of changes) message.reactions = changed(message.reactions ?? [], emoji, person, on);
    this.messages[number - 1] = message;
    return this.#say({ type: "reactions.changed", number, changes });
  }

  join(person) {
    this.seq += 1;
    return this.#say({ type: "member.joined", person });
  }

  leave(person) {
    this.seq += 1;
    return this.#say({ type: "member.left", person });
  }

  /** It is called so now, or has such rules. */
  change(fields) {
    this.seq += 1;
    this.made = { ...this.made, ...fields };
    return this.#say({ type: "room.changed", slug: `room-${this.id}`, name: `room ${this.id}`, topic: "", kind: "public", ...this.made });
  }

  get row() {
    return this.rowFor(0);
  }

  rowFor(read) {
    const { id, number, seq } = this;
    return { id, slug: `room-${id}`, name: `room ${id}`, topic: "", kind: "public", ...this.made, number, seq, read };
  }

  /** Answer to room.open. */
  opened(since = null, read = 0) {
    const reset = since === null || since > this.seq;
    const messages = reset ? this.messages.slice(-50) : this.messages.filter(({ seq }) => seq > since).sort((one, other) => one.seq - other.seq);
    return { type: "opened", room: this.rowFor(read), messages, people: PEOPLE, members: 2, online: 1, reset };
  }

  page(from, to) {
    const messages = this.messages.filter(({ number }) => from <= number && number <= to);
    return { type: "page", room: this.id, messages, people: PEOPLE, first: from <= 1, last: to >= this.number };
  }

  #say(change) {
    const event = { ...change, room: this.id, seq: this.seq };
    this.history.push(event);
    return event;
  }
}

function changed(reactions, emoji, person, on) {
  const isNew = !reactions.some((each) => each.emoji === emoji);
  const all = isNew ? [...reactions, { emoji, people: [] }] : reactions;
  const without = ({ people }) => people.filter((id) => id !== person);
  return all
    .map((each) => (each.emoji === emoji ? { emoji, people: [...without(each), ...(on ? [person] : [])] } : each))
    .filter(({ people }) => people.length > 0);
}

export function started(rooms, { epoch = "e1", person = ADA } = {}) {
  return { type: "session.started", epoch, person, rooms, heartbeat: 20, text_limit: 4000 };
}

/** A store that has heard of `room` and opened it. */
export function storeWith(room) {
  const store = new Store();
  store.apply(started([room.row]));
  store.apply(room.opened());
  return store;
}

/** All that a page would show of a room. */
export function snapshot(store, id) {
  const { held, tail, number, seq, behind } = store.room(id);
  const messages = [];
  for (let each = 1; each <= tail; each += 1) if (store.room(id).has(each)) messages.push(store.room(id).message(each));
  return { held, tail, number, seq, behind, messages };
}

/** localStorage without a browser. */
export class FakeStorage {
  #values = new Map();

  get length() {
    return this.#values.size;
  }

  key(index) {
    return [...this.#values.keys()][index];
  }

  getItem(key) {
    return this.#values.get(key) ?? null;
  }

  setItem(key, value) {
    this.#values.set(key, value);
  }

  removeItem(key) {
    this.#values.delete(key);
  }
}

export function shelfOn(storage = new FakeStorage()) {
  return new Shelf(storage, "roost.test");
}

/** The lines a Socket opened, newest last; a test plays the server on them. */
export class FakeNetwork {
  lines = [];

  open = () => {
    const line = new FakeLine();
    this.lines.push(line);
    return line;
  };

  get line() {
    return this.lines.at(-1);
  }
}

class FakeLine {
  sent = [];
  closed = false;
  onmessage = null;
  onclose = null;

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  say(event) {
    this.onmessage?.({ data: JSON.stringify(event) });
  }

  begin() {
    this.say(started([]));
  }

  break(code = 1006) {
    this.onclose?.({ code });
  }
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** navigator.locks: those of one name exclude each other unless they are shared, and all can be seen. */
export class FakeLocks {
  #held = new Set();
  #turns = new Map();

  async request(name, ...rest) {
    const work = rest.at(-1);
    if (rest[0]?.mode === "shared") return this.#hold({ name }, work);
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(() => this.#hold({ name }, work));
    this.#turns.set(name, turn.catch(() => {}));
    return turn;
  }

  async query() {
    return { held: [...this.#held] };
  }

  async #hold(lock, work) {
    this.#held.add(lock);
    try {
      return await work();
    } finally {
      this.#held.delete(lock);
    }
  }
}

/** Lets everything that was promised happen. */
export async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
