/**
 * Where the reader is to land, from the moment they ask until they are there: `goal` is {kind, ...} with
 *   end                     the newest message
 *   unread {readUpTo}       the new-messages line if it is near the end, else the end (readUpTo null: the end)
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

  /** Sets the view; returns null when it is ready to be painted, else what has to be loaded for it. */
  prepare(view) {
    return VIEWS[this.#goal.kind](view, this.#goal);
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

const REACH = 200;
const TO_END = (view) => (view.showTail() ? null : {});
const AROUND = (view, { number }) => {
  if (view.room.loaded && number > view.room.tail) return TO_END(view);
  return view.showAround(number) ? null : { around: number };
};

const VIEWS = {
  end: TO_END,
  number: AROUND,
  position: AROUND,
  line: (view, { readUpTo }) => AROUND(view, { number: readUpTo + 1 }),
  unread: (view, { readUpTo }) => {
    const wanted = TO_END(view);
    if (wanted === null && readUpTo !== null) reachUp(view, readUpTo + 1);
    return wanted;
  },
};

const LANDINGS = {
  end: (_, scroller) => scroller.toEnd(),
  unread: (painter, scroller) => (painter.line ? scroller.toElement(painter.line, 1 / 4) : scroller.toEnd()),
  line: (painter, scroller, { readUpTo }) => {
    const element = painter.line ?? painter.item(readUpTo + 1);
    if (element) scroller.toElement(element, 1 / 4);
  },
  number: (painter, scroller, { number }) => {
    const item = painter.item(number);
    if (item) scroller.toElement(item, 1 / 3);
    else scroller.toEnd();
  },
  position: (painter, scroller, { number, offset }) => {
    if (!scroller.restore({ item: painter.item(number), offset })) scroller.toEnd();
  },
};

/** Grows the view upwards to `number` as far as memory and the document allow. */
function reachUp(view, number) {
  while (view.from > number && view.to - number < REACH && !view.atStart && view.older());
}
