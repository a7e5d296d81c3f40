import { part } from "roost/elements/parts.js";

const NEAR_END = 100;

/** Where the log stands, and how it is kept there while things change around the reader. */
export class Scroller {
  #log;
  #distance = 0;
  /** Of the log, when the distance was noted. */
  #height = 0;
  #resize;

  /** `resized` is called when the log has another size, which is none at all while it is hidden. */
  constructor(log, resized) {
    this.#log = log;
    this.#resize = new ResizeObserver(() => {
      this.#keepDistance();
      resized();
    });
  }

  start() {
    this.#resize.observe(this.#log);
  }

  stop() {
    this.#resize.disconnect();
  }

  get distance() {
    return this.#log.scrollHeight - this.#log.clientHeight - this.#log.scrollTop;
  }

  get nearEnd() {
    return this.distance <= NEAR_END;
  }

  get shown() {
    return this.screen > 0;
  }

  get screen() {
    return this.#log.clientHeight;
  }

  get top() {
    return this.#log.scrollTop;
  }

  /**
   * After a scroll: remembers where the end is, for a keyboard or a growing composer that takes the room away. A scroll
   * that is told when it has done so already, and before the observer has, was none by hand.
   */
  scrolled() {
    if (this.screen === this.#height) this.#note();
    else this.#keepDistance();
  }

  toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#note();
  }

  /** Puts `element` at `fraction` of the height. */
  toElement(element, fraction) {
    this.#log.scrollTop += this.#offset(element) - this.screen * fraction;
    this.#note();
  }

  /** Puts what an anchor names where it was, or what was below if that is gone; whether one is still there. */
  restore(anchor) {
    const held = [anchor, anchor?.below].find((each) => each?.item?.isConnected);
    if (!held) return false;
    this.#log.scrollTop += this.#offset(body(held.item)) - held.offset;
    this.#note();
    return true;
  }

  /**
   * The first message in view, and the one below: {item, number, offset, below: {item, offset}}. Held by its text, because its head may come or go when an older
   * neighbour of the same author does.
   */
  anchor() {
    const items = [...this.#log.querySelectorAll(".msg")];
    let low = 0;
    for (let high = items.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.#offset(body(items[middle])) < 0) low = middle + 1;
      else high = middle;
    }
    const item = items[low] ?? items.at(-1);
    return item && { ...this.#held(item), number: Number(item.dataset.number), below: this.#held(items[low + 1]) };
  }

  isAbove(element) {
    return this.#offset(element) + element.offsetHeight < 0;
  }

  #held(item) {
    return item && { item, offset: this.#offset(body(item)) };
  }

  #offset(element) {
    return element.getBoundingClientRect().top - this.#log.getBoundingClientRect().top;
  }

  #note() {
    this.#distance = this.distance;
    this.#height = this.screen;
  }

  #keepDistance() {
    this.#height = this.screen;
    this.#log.scrollTop = this.#log.scrollHeight - this.#log.clientHeight - this.#distance;
  }
}

/** What stands for the body of a message has its place. */
function body(item) {
  return part(item, "fold") ?? part(item, "editing") ?? part(item, "gone") ?? part(item, "body");
}
