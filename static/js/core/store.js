import { Room } from "roost/core/room.js";
import { Timer } from "roost/core/timer.js";
import { Topics } from "roost/core/topics.js";

const TYPING_LIMIT = 5_000;
const DURABLE = { "message.posted": posted, "member.joined": joined };

/**
 * What this page knows, changed by one reducer: `apply(event)`, with events of the wire and "outbox.changed" of our own.
 *
 * Says "room" (id) when messages or writers-in-waiting of a room changed, "rooms" when the list, a count or a marker did,
 * "people", "online" (room id), "typing" (room id), "behind" (room id: changes are missing), "reset" (room id: what was
 * held is forgotten), "arrived" ({room, message}) for what somebody posts while we listen and "missed" ({room, author,
 * after}) for what came while we did not.
 */
export class Store {
  epoch = null;
  person = null;
  textLimit = 4_000;
  rooms = new Map();
  people = new Map();

  #pending = [];
  #typing = new Map();
  #topics = new Topics();

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  say(topic, detail) {
    this.#topics.say(topic, detail);
  }

  apply(event) {
    CHANGES[event.type]?.(this, event);
  }

  room(id) {
    return this.rooms.get(id);
  }

  roomBySlug(slug) {
    return [...this.rooms.values()].find((room) => room.slug === slug);
  }

  /** The rooms as the sidebar lists them. */
  get sorted() {
    return [...this.rooms.values()].sort((one, other) => one.name.localeCompare(other.name));
  }

  /** What the reader wrote in a room and nobody has seen in its place yet, oldest first. */
  pending(id) {
    const room = this.rooms.get(id);
    const settled = room?.settled ?? [];
    const nonces = new Set(settled.map((entry) => entry.nonce));
    const unsent = this.#pending.filter(
      (entry) => entry.room === id && !nonces.has(entry.nonce) && !room?.hasNonce(entry.nonce),
    );
    return [...settled, ...unsent];
  }

  entry(nonce) {
    return this.#pending.find((entry) => entry.nonce === nonce);
  }

  replacePending(entries) {
    const rooms = new Set([...this.#pending, ...entries].map((entry) => entry.room));
    this.#pending = entries;
    for (const id of rooms) this.say("room", id);
  }

  keep(people) {
    for (const person of people) this.people.set(person.id, person);
  }

  /** Everything of another life of the database is void: its numbers may mean other messages. Returns the rooms' ids. */
  enter(epoch) {
    const stale = this.epoch === null || this.epoch === epoch ? [] : [...this.rooms.keys()];
    for (const id of stale) this.rooms.delete(id);
    this.epoch = epoch;
    return stale;
  }

  typists(id) {
    return [...(this.#typing.get(id)?.keys() ?? [])].map((person) => this.people.get(person));
  }

  startTyping(id, person) {
    if (!this.#typing.has(id)) this.#typing.set(id, new Map());
    const timers = this.#typing.get(id);
    if (!timers.has(person)) timers.set(person, new Timer(() => this.stopTyping(id, person)));
    timers.get(person).set(TYPING_LIMIT);
    this.say("typing", id);
  }

  stopTyping(id, person) {
    this.#typing.get(id)?.get(person)?.clear();
    if (this.#typing.get(id)?.delete(person)) this.say("typing", id);
  }
}

const CHANGES = {
  "session.started": started,
  "message.posted": durable,
  "member.joined": durable,
  "room.joined": (store, { room }) => {
    seen(store, room);
    store.say("rooms");
  },
  "room.activity": (store, { room, number, seq }) => {
    store.room(room)?.heads(number, seq);
    store.say("rooms");
  },
  "room.read": (store, event) => {
    const room = store.room(event.room);
    if (room) room.read = Math.max(room.read, event.number);
    store.say("rooms");
  },
  "typing.started": (store, { room, person }) => {
    store.keep([person]);
    if (person.id !== store.person.id) store.startTyping(room, person.id);
  },
  "presence.changed": presence,
  "person.changed": (store, { person }) => {
    store.keep([person]);
    if (person.id === store.person.id) store.person = person;
    store.say("people");
  },
  heartbeat: (store, { heads = {} }) => {
    for (const [id, seq] of Object.entries(heads)) head(store, Number(id), seq);
  },
  sent,
  page: (store, event) => {
    store.keep(event.people);
    for (const message of event.messages) store.room(event.room)?.put(message, store.person.id);
    store.say("room", event.room);
  },
  opened,
  "outbox.changed": (store, { entries }) => store.replacePending(entries),
};

function started(store, { epoch, person, rooms, text_limit: textLimit }) {
  const stale = store.enter(epoch);
  store.person = person;
  store.keep([person]);
  store.textLimit = textLimit;
  const ids = new Set(rooms.map((room) => room.id));
  for (const id of [...store.rooms.keys()]) if (!ids.has(id)) store.rooms.delete(id);
  for (const row of rooms) seen(store, row);
  for (const id of stale) store.say("reset", id);
  store.say("rooms");
}

function seen(store, row) {
  const room = store.room(row.id);
  if (room) room.update(row);
  else store.rooms.set(row.id, new Room(row));
  return store.room(row.id);
}

function durable(store, event) {
  const room = store.room(event.room);
  if (!room) return;
  room.receive(event, (change) => DURABLE[change.type](store, room, change));
  store.say("room", room.id);
  if (room.behind) store.say("behind", room.id);
}

function posted(store, room, { message, person, seq }) {
  store.keep([person]);
  store.stopTyping(room.id, person.id);
  room.put(message, store.person.id);
  room.heads(message.number, seq);
  room.tail = Math.max(room.tail, message.number);
  store.say("rooms");
  store.say("arrived", { room: room.id, message });
}

function joined(store, room, { person }) {
  store.keep([person]);
  if (room.members !== null) room.members += 1;
  store.say("online", room.id);
}

function presence(store, { room: id, online }) {
  const room = store.room(id);
  if (!room) return;
  room.online = online;
  store.say("online", id);
}

function head(store, id, seq) {
  const room = store.room(id);
  if (!room || seq <= room.seq) return;
  room.seq = seq;
  store.say("behind", id);
}

function sent(store, { room, message }) {
  const entry = store.entry(message.nonce);
  if (entry) store.room(room)?.settle(entry, message);
}

function opened(store, { room: row, messages, people, members, online, reset = false }) {
  const room = seen(store, row);
  const before = room.loaded ? room.tail : null;
  store.keep(people);
  if (reset && room.loaded) room.forget();
  for (const message of messages) room.put(message, store.person.id);
  room.reach(row, reset, (change) => DURABLE[change.type](store, room, change));
  room.members = members;
  room.online = online;
  if (reset && before !== null) store.say("reset", room.id);
  const missed = before !== null && messages.find(({ number, author }) => number > before && author !== store.person.id);
  if (missed) store.say("missed", { room: room.id, author: missed.author, after: before });
  store.say("online", room.id);
  store.say("rooms");
  store.say("room", room.id);
  if (room.behind) store.say("behind", room.id);
}
