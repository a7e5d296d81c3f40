const PAGE = 50;
const MOST = 300;
const LEEWAY = 20;

/**
 * The stretch of a room's messages that is in the document: numbers `from` to `to`, without holes, at most 320 of them
 * (beyond that the far side goes until 300 are left). Empty while `to` < `from`.
 */
export class View {
  from = 1;
  to = 0;
  #tail;

  constructor(room) {
    this.room = room;
    this.#tail = room.tail;
  }

  get empty() {
    return this.to < this.from;
  }

  get size() {
    return this.to - this.from + 1;
  }

  /** Whether nothing lies below. */
  get atTail() {
    return this.room.loaded && this.to >= this.room.tail;
  }

  /** Whether nothing lay below when what had come was last taken in: the rest is about to be. */
  get atEnd() {
    return this.room.loaded && this.to >= this.#tail;
  }

  get atStart() {
    return this.from <= 1;
  }

  get messages() {
    return Array.from({ length: this.size }, (_, index) => this.room.message(this.from + index)).filter(Boolean);
  }

  contains(number) {
    return this.from <= number && number <= this.to;
  }

  /** Shows the newest messages; false when they have to be loaded first. */
  showTail() {
    return this.#showUpTo(this.room.tail);
  }

  /** Shows `number` and what surrounds it; false when it has to be loaded first. */
  showAround(number) {
    if (this.contains(number)) return true;
    if (!this.room.has(number)) return false;
    this.from = number;
    this.to = number;
    this.older();
    this.newer();
    return true;
  }

  /** Up to a page more above; false when it has to be loaded first. */
  older() {
    const end = this.from;
    while (this.from > end - PAGE && this.room.has(this.from - 1)) this.from -= 1;
    return this.from < end || this.atStart;
  }

  /** Up to a page more below; false when it has to be loaded first. */
  newer() {
    const end = this.to;
    while (this.to < end + PAGE && this.room.has(this.to + 1)) this.to += 1;
    return this.to > end || this.atTail;
  }

  /** Takes in what was added at the end; a reader who is not `resting` there gets no more than may be in the document. */
  follow(resting) {
    const wasAtTail = this.to >= this.#tail;
    this.#tail = this.room.tail;
    if (!wasAtTail) return;
    while (this.room.has(this.to + 1) && (resting || this.size < MOST)) this.to += 1;
    // So much came while nothing was shown that the room has forgotten some of it.
    if (resting && !this.atTail) this.showTail();
    if (resting) this.trimAbove();
  }

  trimAbove() {
    if (this.size > MOST + LEEWAY) this.from = this.to - MOST + 1;
  }

  trimBelow() {
    if (this.size > MOST + LEEWAY) this.to = this.from + MOST - 1;
  }

  #showUpTo(number) {
    if (number > 0 && !this.room.has(number)) return false;
    this.to = number;
    this.from = number + 1;
    this.older();
    return true;
  }
}
