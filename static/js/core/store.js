import { CHANGES } from "roost/core/changes.js";
import { isTalk } from "roost/core/talks.js";
import { Timer } from "roost/core/timer.js";
import { Topics } from "roost/core/topics.js";
import { t } from "roost/core/words.js";

const TYPING_LIMIT = 5_000;
/** Names that stand in the order of their signs. */
const PLAIN = /^[a-z0-9 -]*$/;

/**
 * What this page knows, changed by one reducer: `apply(event)`, with events of the wire and our own "outbox.changed" and
 * "marker.moved".
 *
 * Says "room" (id) when messages or writers-in-waiting of a room changed, "rooms" when the list, a count or a marker did,
 * "people", "preferences", "online" (room id), "typing" (room id), "behind" (room id: changes are missing), "reset" (room
 * id: what was held is forgotten), "activity" (room id: somebody posted in a room that is not open), "arrived" ({room,
 * message}) for what somebody posts while we listen, "amended" (the same) when a message is another one now, "missed" ({room, author, after}) for what came while we did not,
 * "unread" (room id: marked so by hand), "stored" (nonce: of what waits to be sent), "drafts" ({epoch, drafts}: all there
 * are) and "draft" (one that changed), "moved" ({room, came, went}: ids, none when they are too many) when people came to a
 * room or went, "joined" and "left" ({room, person}) when somebody became a member or is none any more, "changed" (room id)
 * when a room is called something else or has other rules, "preferred" (room id) when the reader wants to have it in
 * another way, "mentioned" ({room, number}) when a message mentions the reader, "saved" ({room, number, on}) when they have saved one or not any more, and "removed" ({room, how, by}: the room itself, "left", "put
 * out" or "gone", and who did it, if that is known) when the reader is in it no longer.
 */
export class Store {
  epoch = null;
  person = null;
  /** What the person chose in the settings, in the words of the wire. */
  preferences = null;
  textLimit = 4_000;
  /** Bytes of the largest file; 0: none is taken. */
  fileLimit = 0;
  /** For how long one may edit what one has sent; 0: for ever. */
  editMinutes = 0;
  rooms = new Map();
  /** Those that were heard of: what is new in them, or they were open. */
  threads = new Map();
  people = new Map();
  /** The ids of those with whom the reader talks and who are connected. */
  here = new Set();
  /** Of these, who does nothing on any device. */
  idle = new Set();
  /** The ids of those whom the reader does not want to read. */
  blocked = new Set();
  /** Before this time (ms) the reader writes nothing; 0: they may. */
  mutedUntil = 0;
  /** Before this time (ms, by the clock here) the reader is new, unless they have a role. */
  newUntil = 0;

  #pending = [];
  #typing = new Map();
  #muted = new Timer(() => this.restrain({ new_for: Math.max(0, this.newUntil - Date.now()) }));
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

  /** A room or a thread. */
  room(id) {
    return this.rooms.get(id) ?? this.threads.get(id);
  }

  get all() {
    return [...this.rooms.values(), ...this.threads.values()];
  }

  /** The thread beside message `number` of a room, if it was heard of. */
  threadOf(room, number) {
    return [...this.threads.values()].find(({ home, root }) => home.id === room && root === number);
  }

  roomBySlug(slug) {
    return [...this.rooms.values()].find((room) => room.slug === slug);
  }

  /** All rooms by name, without the talks. */
  get sorted() {
    return [...this.rooms.values()].filter((room) => !isTalk(room)).sort(byName);
  }

  /** How many unread messages mention the reader. */
  get forMe() {
    return this.all.reduce((sum, { forMe }) => sum + forMe, 0);
  }

  /** What the reader wrote in a room and nobody has seen in its place yet, oldest first. */
  pending(id) {
    const room = this.room(id);
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

  prefer(preferences) {
    this.preferences = preferences;
    this.say("preferences");
  }

  /** What holds the reader back, in the words of the wire; what is left of it ends by itself, whatever the clock here says. */
  restrain(restraint) {
    const { muted_until: until = 0, muted_for: left = 0, new_for: isNew = 0 } = restraint ?? {};
    if (left > 0) this.#muted.set(left);
    else this.#muted.clear();
    const newUntil = isNew && Date.now() + isNew;
    if (until === this.mutedUntil && newUntil === this.newUntil) return;
    Object.assign(this, { mutedUntil: until, newUntil });
    this.say("people");
  }

  /** A room goes with its threads. */
  forget(id) {
    this.rooms.delete(id);
    this.threads.delete(id);
    for (const thread of this.threads.values()) if (thread.home.id === id) this.forget(thread.id);
  }

  keep(people) {
    for (const person of people) this.people.set(person.id, named(person));
  }

  /** Everything of another life of the database is void: its numbers may mean other messages. Returns the rooms' ids. */
  enter(epoch) {
    const stale = this.epoch === null || this.epoch === epoch ? [] : this.all.map(({ id }) => id);
    for (const id of stale) this.forget(id);
    this.epoch = epoch;
    return stale;
  }

  typists(id) {
    const ids = [...(this.#typing.get(id)?.keys() ?? [])].filter((person) => !this.blocked.has(person));
    return ids.map((person) => this.people.get(person));
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

/** Without the language where it would say the same: to sort by it the first time takes a slow phone 30 ms. */
function byName({ name: one }, { name: other }) {
  if (PLAIN.test(one) && PLAIN.test(other)) return one < other ? -1 : Number(one > other);
  return one.localeCompare(other);
}

/** Who has deleted their account has a name in the reader's language, and a bot says that it is one. */
function named(person) {
  if (person.bot) return { ...person, name: t("{name} (bot)", person) };
  return person.former ? { ...person, name: t("Former member") } : person;
}
