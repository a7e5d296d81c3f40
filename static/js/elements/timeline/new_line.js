import { app } from "roost/core/app.js";

/** Where reading stopped: a line below message `readUpTo`, fixed until the reader leaves the room or marks it read. */
export class NewLine {
  /** null: there is no line. */
  readUpTo;
  /** Whether it has been in view. */
  seen = false;

  constructor(room) {
    this.readUpTo = room.unread > 0 ? room.read : null;
  }

  get drawn() {
    return this.readUpTo !== null;
  }

  /** Something new came. If the reader did not see it come and there is no line yet, it stands above it. */
  draw(author, readUpTo) {
    if (this.drawn || author === app.store.person.id || app.sight.reading) return;
    this.readUpTo = readUpTo;
    this.seen = false;
  }

  remove() {
    this.readUpTo = null;
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
