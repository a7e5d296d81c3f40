/**
 * The people of one room as far as they are loaded: first those who are here, then who of them is idle, then those who are
 * away from the wire, each by handle, as the server pages them. `people` tells who they are, by id.
 */
export class Roster {
  here = new Side();
  idle = new Side();
  away = new Side();
  #people;
  /** Who was a member when the people were loaded, and is none any more. */
  #gone = new Set();

  constructor(people) {
    this.#people = people;
  }

  /** The page that comes next: {here, idle, after}; null when all are loaded. */
  get next() {
    if (this.here.more) return { here: true, idle: false, after: this.here.last };
    if (this.idle.more) return { here: true, idle: true, after: this.idle.last };
    return this.away.more ? { here: false, after: this.away.last } : null;
  }

  take({ here, idle, people, last }) {
    const connected = idle ? this.idle : this.here;
    const side = here ? connected : this.away;
    for (const { id } of people) side.ids.add(id);
    side.last = people.at(-1)?.id ?? side.last;
    side.more = !last;
  }

  /**
   * People came, went, or are here and idle. Whether it can be told where all of them stand: of strangers it cannot, unless
   * they went idle and no idle ones are loaded yet, as in a large room happens every second.
   */
  move(came, went, idle) {
    for (const id of came) this.#move(id, this.here);
    for (const id of went) this.#move(id, this.away);
    for (const id of idle) this.#move(id, this.idle);
    const placed = this.idle.more ? came : [...came, ...idle];
    return placed.every((id) => this.#people.has(id));
  }

  join(id) {
    this.#gone.delete(id);
    if (!this.here.ids.has(id) && !this.idle.ids.has(id)) this.#move(id, this.away);
  }

  leave(id) {
    this.#gone.add(id);
    for (const side of this.#sides) side.ids.delete(id);
  }

  /** The people of a side, in their order. */
  listed(side) {
    return [...side.ids].map((id) => this.#people.get(id)).filter(({ former }) => !former).sort(byHandle);
  }

  get #sides() {
    return [this.here, this.idle, this.away];
  }

  #move(id, to) {
    const person = this.#people.get(id);
    for (const side of this.#sides) if (side !== to) side.ids.delete(id);
    // Past the last page they come with a page of their own.
    if (person && !this.#gone.has(id) && (!to.more || byHandle(person, this.#people.get(to.last)) < 0)) to.ids.add(id);
  }
}

class Side {
  ids = new Set();
  /** The last person of the last page, and whether others follow. */
  last = null;
  more = true;
}

function byHandle(one, other) {
  if (!other) return 1;
  const [left, right] = [one.handle.toLowerCase(), other.handle.toLowerCase()];
  if (left !== right) return left < right ? -1 : 1;
  return one.id - other.id;
}
