import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";
import { Timer } from "roost/core/timer.js";

const SECOND_LOOK = 1_000;
const PAGE = 50;
const REFUSED = {};

/** Keeps the store in step with the server: opens the room that is shown, fills its holes, carries the reader's signs. */
export class Live {
  #socket;
  #store;
  #shown = null;
  #opening = false;
  #again = new Timer(() => this.#catchUp());

  constructor(socket, store) {
    this.#socket = socket;
    this.#store = store;
    socket.on("event", (event) => store.apply(event));
    socket.on("status", () => socket.live && this.#resume());
    store.on("behind", (room) => (room === this.#shown ? this.#catchUp() : this.#lookAtHead(room)));
  }

  /** `room` is what the reader looks at from now on. */
  show(room) {
    const before = this.#shown;
    if (before === room) return;
    this.#shown = room;
    if (before !== null) this.#ask({ type: "room.close", room: before });
    this.#open();
  }

  /** Loads a page of history: one of {before, after, around}, or the newest. Whether it came. */
  async load(room, where = {}) {
    return Boolean((await this.#ask({ type: "message.list", room, limit: PAGE, ...where }))?.messages);
  }

  /** Here at once, on the server as soon as there is one. */
  read(room, number) {
    this.#store.apply({ type: "room.read", room, number });
    this.#ask({ type: "room.read", room, number });
  }

  type(room) {
    this.#ask({ type: "room.type", room });
  }

  /** What was read while nobody listened is told before the rest; session.started came with the server's marker. */
  #resume() {
    for (const room of this.#store.rooms.values()) {
      if (room.read > room.serverRead) this.#ask({ type: "room.read", room: room.id, number: room.read });
    }
    this.#open();
  }

  async #open() {
    const room = this.#store.room(this.#shown);
    if (!room || this.#opening || !this.#socket.live) return;
    this.#opening = true;
    const { held } = room;
    const since = room.loaded ? { epoch: this.#store.epoch, since: held } : {};
    const answer = await this.#ask({ type: "room.open", room: room.id, ...since });
    this.#opening = false;
    if (room.id !== this.#shown || (room.behind && room.held > held)) this.#open();
    else if (answer !== REFUSED && (room.behind || !room.loaded)) this.#again.setOnce(SECOND_LOOK);
  }

  #catchUp() {
    const room = this.#store.room(this.#shown);
    if (room?.behind || room?.loaded === false) this.#open();
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
