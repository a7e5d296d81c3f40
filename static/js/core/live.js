import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";
import { Timer } from "roost/core/timer.js";

const SECOND_LOOK = 1_000;
const PAGE = 50;
const REFUSED = {};

/**
 * Keeps the store in step with the server: opens the room that is shown and the thread beside it, fills their holes, carries the
 * reader's signs.
 */
export class Live {
  #socket;
  #store;
  #shown = { room: null, beside: null };
  #opening = new Set();
  #again = new Timer(() => Object.values(this.#shown).forEach((id) => this.#open(id)));

  constructor(socket, store) {
    this.#socket = socket;
    this.#store = store;
    socket.on("event", (event) => store.apply(event));
    socket.on("status", () => socket.live && this.#resume());
    store.on("behind", (room) => (this.#shows(room) ? this.#catchUp(room) : this.#lookAtHead(room)));
    // Told of rooms that are not open, too, where a hole means nothing.
    store.on("changed", (room) => this.#shows(room) && this.#catchUp(room));
  }

  /** `room` is what the reader looks at from now on; `as` "beside": the thread beside the room, null for none. */
  show(room, as = "room") {
    const before = this.#shown[as];
    if (before === room) return;
    this.#shown[as] = room;
    // What is on its way for it opens it no more.
    this.#opening.delete(before);
    if (before !== null) this.#ask({ type: "room.close", room: before });
    this.#open(room);
  }

  /** The thread beside message `number` of a room, begun if there is none: its id. Throws what the server says. */
  async openThread(room, number) {
    return (await this.#socket.request({ type: "thread.open", room, number })).room.id;
  }

  /** Loads a page of history: one of {before, after, around}, or the newest. Whether it came. */
  async load(room, where = {}) {
    return Boolean((await this.#ask({ type: "message.list", room, limit: PAGE, ...where }))?.messages);
  }

  /** Whom somebody who writes in a room may mean by the first letters of a name: {people, others}, or null. */
  async findPeople(room, prefix, limit = 8) {
    const { people, others = [] } = (await this.#ask({ type: "people.search", room, prefix, limit })) ?? {};
    return people ? { people, others } : null;
  }

  /** The number of the first message of this time or later, or of the last one; null when nobody tells. */
  async numberAt(room, at) {
    const messages = (await this.#ask({ type: "message.list", room, limit: PAGE, at }))?.messages;
    return (messages?.find((message) => message.at >= at) ?? messages?.at(-1))?.number ?? null;
  }

  /** A page of the people of a room, past the person `after`; or null. `side`: {here}, and where that is true {idle}. */
  async members(room, { after, ...side }) {
    const page = await this.#ask({ type: "room.members", room, ...side, ...(after === null ? {} : { after }) });
    return page?.people ? page : null;
  }

  /** Who somebody is, and which rooms both are in: {person, rooms, here, idle}, or null. */
  async person(id) {
    const shown = await this.#ask({ type: "person.show", person: id });
    return shown?.person ? shown : null;
  }

  /** Whether somebody is blocked now; `blocked` false: whether they are not any more. */
  async block(id, blocked = true) {
    const answer = await this.#ask({ type: blocked ? "person.block" : "person.unblock", person: id });
    return answer?.type === "done";
  }

  /** What a message said before, the newest first: {versions, last}, or null. */
  async versions(room, number, before = null) {
    const page = await this.#ask({ type: "message.versions", room, number, ...(before === null ? {} : { before }) });
    return page?.versions ? page : null;
  }

  /** Tells the store who put an emoji on a message. */
  reactors(room, number, emoji) {
    this.#ask({ type: "reaction.list", room, number, emoji });
  }

  /** Whether the reader has a room as they want it now: any of {favourite, muted, hidden, level}. */
  async prefer(room, wishes) {
    return (await this.#ask({ type: "room.prefer", room, ...wishes }))?.type === "done";
  }

  /** What is new to the reader and who is here, in the words of the wire, or null. */
  async digest() {
    const digest = await this.#ask({ type: "digest.show" });
    return digest?.rooms ? digest : null;
  }

  /** Message `number` of a room, or null when it cannot be had just now. */
  async message(id, number) {
    const room = this.#store.room(id);
    if (!room) return null;
    const page = room.has(number) ? null : await this.#ask({ type: "message.list", room: id, around: number, limit: 1 });
    return room.message(number) ?? page?.messages?.find((message) => message.number === number) ?? null;
  }

  /** Here at once, on the server as soon as there is one. */
  read(room, number) {
    this.#store.apply({ type: "marker.moved", room, number });
    this.#ask({ type: "room.read", room, number });
  }

  /** Message `number` and all that follow are unread again, until the reader leaves the room. */
  unread(room, number) {
    this.#store.apply({ type: "marker.moved", room, number: number - 1 });
    this.#ask({ type: "room.unread", room, number });
  }

  type(room) {
    this.#ask({ type: "room.type", room });
  }

  /** Whether nobody touches this page. */
  rest(idle) {
    this.#ask({ type: "presence.idle", idle });
  }

  /** What was read while nobody listened is told before the rest; session.started came with the server's marker. */
  #resume() {
    for (const { id: room, read, serverRead } of this.#store.all) {
      if (read > serverRead) this.#ask({ type: "room.read", room, number: read });
      if (read < serverRead) this.#ask({ type: "room.unread", room, number: read + 1 });
    }
    for (const id of Object.values(this.#shown)) this.#open(id);
  }

  #shows(id) {
    return Object.values(this.#shown).includes(id);
  }

  async #open(id) {
    const room = this.#store.room(id);
    if (!room || this.#opening.has(id) || !this.#socket.live) return;
    this.#opening.add(id);
    const { held } = room;
    const since = room.loaded ? { epoch: this.#store.epoch, since: held } : {};
    const answer = await this.#ask({ type: "room.open", room: room.id, ...since });
    this.#opening.delete(id);
    if (!this.#shows(id)) return;
    if (room.behind && room.held > held) this.#open(id);
    else if (answer !== REFUSED && (!answer || room.behind || !room.loaded)) this.#again.setOnce(SECOND_LOOK);
  }

  #catchUp(id) {
    const room = this.#store.room(id);
    if (room?.behind || room?.loaded === false) this.#open(id);
  }

  /** A heartbeat names a change in a room that is not open, and no room.activity told its number. */
  async #lookAtHead(id) {
    const page = await this.#ask({ type: "message.list", room: id, limit: 1 });
    const newest = page?.messages?.at(-1);
    if (newest) this.#store.apply({ type: "room.activity", room: id, number: newest.number, seq: newest.seq });
  }

  /** The answer; null when it may come another time; REFUSED when asking again is useless. */
  async #ask(command) {
    try {
      return await this.#socket.request(command);
    } catch (problem) {
      if (problem instanceof Refused) return problem.temporary ? null : REFUSED;
      if (problem instanceof Disconnected || problem instanceof NoAnswer) return null;
      throw problem;
    }
  }
}
