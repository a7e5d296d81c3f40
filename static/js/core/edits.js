import { Disconnected, isFailure } from "roost/core/failures.js";
import { Topics } from "roost/core/topics.js";
import { t } from "roost/core/words.js";

/**
 * Messages that the reader is changing. They lie on a shelf, so that neither a reload nor a lost network takes what was
 * typed; saving the same again is harmless.
 *
 * An entry is {room, number, before, text, saving, reason}: `before` is what the message said when it was begun; while
 * `saving` it is shown as if it were stored, and goes out again when there is a connection; `reason` is why it was not
 * saved the last time. Says "changed" (room), and "saved" when one is stored.
 */
export class Edits {
  #shelf;
  #save;
  #connected;
  #limit;
  #entries = new Map();
  #begun = null;
  #topics = new Topics();

  /** `save(entry)` resolves when it is stored; `limit()` is how many characters a message may have. */
  constructor({ shelf, save, connected, limit }) {
    this.#shelf = shelf;
    this.#save = save;
    this.#connected = connected;
    this.#limit = limit;
    for (const entry of shelf.values()) this.#entries.set(keyOf(entry.room, entry.number), entry);
  }

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  get(room, number) {
    return this.#entries.get(keyOf(room, number)) ?? null;
  }

  of(room) {
    return [...this.#entries.values()].filter((entry) => entry.room === room);
  }

  begin(room, number, text) {
    const entry = this.get(room, number) ?? { room, number, before: text, text, reason: null };
    this.#begun = keyOf(room, number);
    this.#keep({ ...entry, saving: false });
  }

  /** Whether this one was just begun, and is to have the focus: told once. */
  takesFocus({ room, number }) {
    const taken = this.#begun === keyOf(room, number);
    if (taken) this.#begun = null;
    return taken;
  }

  /** Nothing of it is drawn anew: it stands where it was typed. */
  write(room, number, text) {
    const entry = { ...this.get(room, number), text };
    this.#entries.set(keyOf(room, number), entry);
    this.#shelf.set(keyOf(room, number), entry);
  }

  async save(room, number) {
    const entry = this.get(room, number);
    const text = entry.text.trim();
    if (text === entry.before) return this.drop(room, number);
    // More might not fit a frame, and would end the connection.
    if ([...text].length > this.#limit()) {
      const reason = t("A message holds at most {limit} characters. Shorten it, or send it as two.", { limit: this.#limit() });
      return this.#keep({ ...entry, reason });
    }
    await this.#send(this.#keep({ ...entry, text, saving: true, reason: null }));
  }

  /** It is stored, or given up. */
  drop(room, number) {
    this.#entries.delete(keyOf(room, number));
    this.#shelf.remove(keyOf(room, number));
    this.#topics.say("changed", room);
  }

  /** There is a connection again. */
  resume() {
    for (const entry of this.#entries.values()) if (entry.saving) this.#send(entry);
  }

  async #send(entry) {
    if (!this.#connected()) return;
    const { room, number } = entry;
    // Whoever goes on writing meanwhile is not interrupted by what comes of it.
    const ended = (end) => this.get(room, number) === entry && end();
    try {
      await this.#save(entry);
      ended(() => this.drop(room, number));
      this.#topics.say("saved");
    } catch (problem) {
      if (!isFailure(problem)) throw problem;
      if (problem instanceof Disconnected) return;
      ended(() => this.#keep({ ...entry, saving: false, reason: problem.message }));
    }
  }

  #keep(entry) {
    this.#entries.set(keyOf(entry.room, entry.number), entry);
    this.#shelf.set(keyOf(entry.room, entry.number), entry);
    this.#topics.say("changed", entry.room);
    return entry;
  }
}

function keyOf(room, number) {
  return `${room}.${number}`;
}
