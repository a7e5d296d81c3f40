import { CHANGES } from "roost/core/changes.js";
import { Timer } from "roost/core/timer.js";
import { Topics } from "roost/core/topics.js";

const TYPING_LIMIT = 5_000;

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
