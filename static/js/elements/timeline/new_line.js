/** Where reading stopped: a line below message `readUpTo`, fixed until the reader leaves the room or marks it read. */
export class NewLine {
  /** null: there is no line. */
  readUpTo;
  /** Whether it was put there by hand: then it stands above a message of the reader's own, too. */
  byHand = false;
  /** Whether it has been in view. */
  seen = false;

  #app;

  constructor(room, app) {
    this.#app = app;
    this.readUpTo = room.unread > 0 ? room.read : null;
  }

  get drawn() {
    return this.readUpTo !== null;
  }

  /** Something new came. If the reader did not see it come and there is no line yet, it stands above it. */
  draw(author, readUpTo) {
    if (this.drawn || author === this.#app.store.person.id || this.#app.sight.reading) return;
    this.readUpTo = readUpTo;
    this.seen = false;
  }

  /** The reader comes back to more than they can have seen come: the line is that of this visit, if they had read the rest. */
  comeBack(author, after, read) {
    if (author === this.#app.store.person.id || (this.drawn && read < after)) return;
    Object.assign(this, { readUpTo: after, byHand: false, seen: false });
  }

  /** The room was marked unread from the message after `readUpTo`. */
  put(readUpTo) {
    Object.assign(this, { readUpTo, byHand: true, seen: false });
  }

  remove() {
    Object.assign(this, { readUpTo: null, byHand: false });
  }

  /** {count, at} of what is new when its beginning lies above the view and was never in it, else null. */
  above(view, { line }, scroller) {
    if (!this.drawn || this.seen) return null;
    if (line) this.seen = !scroller.isAbove(line);
    const above = line ? !this.seen : view.from > this.readUpTo + 1;
    if (!above) return null;
    return { count: view.room.tail - this.readUpTo, at: view.room.message(this.readUpTo + 1)?.at ?? null };
  }
}
