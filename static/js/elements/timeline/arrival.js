/**
 * Where the reader is to land, from the moment they ask until they are there: `goal` is {kind, ...} with
 *   end                     the newest message
 *   unread {readUpTo}       the new-messages line (readUpTo null: the end)
 *   line {readUpTo}         the new-messages line, however far
 *   number {number}         one message, marked for a moment
 *   position {number, offset}  where the reading stopped
 */
export class Arrival {
  landed = false;
  #goal;

  constructor(goal) {
    this.#goal = goal;
  }

  /**
   * Sets the view; returns null when it is ready to be painted, else what has to be loaded for it. Without a connection
   * to load it by, a room that is known shows what there is.
   */
  prepare(view, connected) {
    const wanted = VIEWS[this.#goal.kind](view, this.#goal);
    if (wanted === null || connected || !view.room.loaded) return wanted;
    return view.empty ? TO_END(view) : null;
  }

  /** Scrolls there, after the paint. */
  land(painter, scroller) {
    LANDINGS[this.#goal.kind](painter, scroller, this.#goal);
    this.landed = true;
  }

  /** The number whose message is to be marked, once. */
  get target() {
    return this.#goal.kind === "number" && !this.landed ? this.#goal.number : null;
  }
}

const TO_END = (view) => (view.showTail() ? null : {});
/** With something above it, or a reader would not know what it is about. */
const AROUND = (view, { number }) => {
  if (view.room.loaded && number > view.room.tail) return TO_END(view);
  if (!view.showAround(number)) return { around: number };
  return view.from < number || view.older() ? null : { around: number };
};
const AT_LINE = (view, { readUpTo }) => AROUND(view, { number: readUpTo + 1 });

const VIEWS = {
  end: TO_END,
  number: AROUND,
  position: AROUND,
  line: AT_LINE,
  unread: (view, goal) => (goal.readUpTo === null ? TO_END(view) : AT_LINE(view, goal)),
};

const LANDINGS = {
  end: (_, scroller) => scroller.toEnd(),
  unread: (painter, scroller) => (painter.line ? scroller.toElement(painter.line, 1 / 4) : scroller.toEnd()),
  line: (painter, scroller, { readUpTo }) => {
    const element = painter.line ?? painter.near(readUpTo + 1);
    if (element) scroller.toElement(element, 1 / 4);
  },
  number: (painter, scroller, { number }) => {
    const item = painter.near(number);
    if (item) scroller.toElement(item, 1 / 3);
    else scroller.toEnd();
  },
  position: (painter, scroller, { number, offset }) => {
    if (!scroller.restore({ item: painter.near(number), offset })) scroller.toEnd();
  },
};
