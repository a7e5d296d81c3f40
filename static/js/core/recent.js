const MOST = 12;

/** The rooms the reader was in, the last one first, kept on this device. */
export class Recent {
  #shelf;

  constructor(shelf) {
    this.#shelf = shelf;
  }

  get rooms() {
    return this.#shelf.get("rooms") ?? [];
  }

  visit(room) {
    this.#shelf.set("rooms", [room, ...this.rooms.filter((id) => id !== room)].slice(0, MOST));
  }
}
