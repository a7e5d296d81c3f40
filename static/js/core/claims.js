import { alone } from "roost/core/locks.js";

const NEVER = { number: 0, toldAt: 0 };

/**
 * Which messages were dealt with, by whichever tab of this browser, and when a room was told of last. It stands in the names
 * of locks, which all tabs see at once: what one has written into localStorage reaches another one late. They go with the
 * tab, and who comes later hears of later messages alone.
 */
export class Claims {
  #prefix;
  #letGo = new Map();

  constructor(prefix) {
    this.#prefix = prefix;
  }

  /**
   * Runs `work` unless this message of a room, or a later one, was dealt with. It is given the time at which the room was
   * told of last, and resolves to the one that holds from now on; or to null, when the message is still to be dealt with.
   */
  once(room, number, work) {
    const name = `${this.#prefix}${room}`;
    return alone(name, async () => {
      const last = await lastOf(`${name}.`);
      if (last.number >= number) return;
      const toldAt = await work(last.toldAt);
      if (toldAt !== null) await this.#keep(room, `${name}.${number}.${toldAt}`);
    });
  }

  /** The new one first: at no time is there none. */
  #keep(room, name) {
    const before = this.#letGo.get(room);
    return new Promise((kept) => {
      navigator.locks.request(name, { mode: "shared" }, () => {
        before?.();
        kept();
        return new Promise((letGo) => this.#letGo.set(room, letGo));
      });
    });
  }
}

async function lastOf(prefix) {
  const { held } = await navigator.locks.query();
  const names = held.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  const all = names.map((name) => name.slice(prefix.length).split(".").map(Number));
  return all.reduce((last, [number, toldAt]) => (number > last.number ? { number, toldAt } : last), NEVER);
}
