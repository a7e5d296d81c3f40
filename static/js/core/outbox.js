import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";
import { makeNonce } from "roost/core/nonce.js";
import { pause, Timer } from "roost/core/timer.js";
import { Topics } from "roost/core/topics.js";

const TRIES = 3;
const SECONDS_BETWEEN_TRIES = 1;
/** A longer wait is that of a slow room, and nothing to the others. */
const HELD_UP = 10;

/**
 * Messages on their way out, first in, first out, one at a time. They lie on a shelf, so they survive a reload and wait
 * for a network; a repeated try keeps its nonce, so that the server stores it once (DELIVERY D3, D4).
 *
 * An entry is {nonce, room, text, kind, replyTo, files, at, tries, begun, failed, until}; `kind` "me" is what the writer does,
 * `replyTo` the number of what it answers, or null; `failed` is null or {reason, refused}. Failed ones stay until a person
 * retries or discards them, and hold up nobody. Nor does one whose `files` ({nonce, name, size, type, alt, id, tab}, or none)
 * are still on their way: they have no `id` yet. One that was refused `until` a time, as in a slow room, holds
 * up its own room. One that has `begun` may be stored already, so nobody takes it
 * back. Says "changed" when entries came, changed or went.
 */
export class Outbox {
  #shelf;
  #send;
  #lock;
  #connected;
  #topics = new Topics();
  #draining = false;
  #due = new Timer(() => this.drain());

  /**
   * `send(entry)` resolves when the server has stored it; it may be tried while `connected()`. `lock(work)` runs work
   * while no other tab does.
   */
  constructor({ shelf, send, lock, connected = () => true }) {
    this.#shelf = shelf;
    this.#send = send;
    this.#lock = lock;
    this.#connected = connected;
  }

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  get entries() {
    return this.#shelf.values().sort((one, other) => one.at - other.at);
  }

  /** Whether messages of a room are here. */
  has(room) {
    return this.entries.some((entry) => entry.room === room);
  }

  /** `home` is the room that the thread `room` is in. */
  add(room, text, { kind = "msg", replyTo = null, files = [], home = undefined } = {}) {
    const last = this.entries.at(-1)?.at ?? 0;
    const at = Math.max(Date.now(), last + 1);
    const place = { room, ...(home ? { home } : {}) };
    const entry = { nonce: makeNonce(), ...place, text, kind, replyTo, files, at, tries: 0, begun: false, failed: null };
    this.#keep(entry);
    this.drain();
    return entry;
  }

  /** Puts back what was taken out. */
  putBack(entries) {
    for (const entry of entries) this.#keep(entry);
    this.drain();
  }

  /** Sends a failed one again: as the same message when it may have been stored, as a new one when it was refused. */
  retry(nonce) {
    const entry = this.#shelf.get(nonce);
    if (!entry) return;
    if (entry.failed?.refused) this.#shelf.remove(nonce);
    const next = entry.failed?.refused ? makeNonce() : nonce;
    this.#keep({ ...entry, nonce: next, tries: 0, begun: entry.begun && next === nonce, failed: null });
    this.drain();
  }

  /** Takes an entry out for its writer and returns it; null when it is on its way. */
  takeBack(nonce) {
    const entry = this.#shelf.get(nonce);
    if (!entry || (entry.begun && !entry.failed)) return null;
    this.discard(nonce);
    return entry;
  }

  /** A file of an entry has come to the server as `id`. */
  fileCame(nonce, file, id) {
    const entry = this.#shelf.get(nonce);
    if (!entry) return;
    this.#keep({ ...entry, files: entry.files.map((each) => (each.nonce === file ? { ...each, id } : each)) });
    this.drain();
  }

  /** A file of an entry cannot come. */
  fileFailed(nonce, reason) {
    const entry = this.#shelf.get(nonce);
    if (entry) this.#fail(entry, reason, false);
  }

  /** It is stored, or given up. */
  discard(nonce) {
    this.#shelf.remove(nonce);
    this.changed();
  }

  /** Another tab wrote on the shelf. */
  changed() {
    this.#topics.say("changed", this.entries);
  }

  /** Sends what waits, until nothing does or the connection is gone. */
  async drain() {
    if (this.#draining || !this.#next()) return;
    this.#draining = true;
    let going;
    try {
      going = await this.#lock(() => this.#sendAll());
    } finally {
      this.#draining = false;
    }
    // One that came after the last look, while the lock was being given back.
    if (going) this.drain();
  }

  async #sendAll() {
    for (let entry; (entry = this.#next()); ) if (!(await this.#sendOne(entry))) return false;
    return true;
  }

  #next() {
    if (!this.#connected()) return undefined;
    const waiting = this.entries.filter((entry) => !entry.failed && !isFilling(entry));
    const held = new Map(waiting.filter(({ until }) => until > Date.now()).map(({ room, until }) => [room, until]));
    if (held.size > 0) this.#due.set(Math.min(...held.values()) - Date.now());
    return waiting.find(({ room }) => !held.has(room));
  }

  /** Whether the next one may be tried. */
  async #sendOne(waiting) {
    const entry = { ...waiting, begun: true };
    // Before it leaves: from here on nobody knows whether it is stored, whatever becomes of this page.
    this.#shelf.set(entry.nonce, entry);
    try {
      await this.#send(entry);
    } catch (problem) {
      return this.#judge(entry, problem);
    }
    this.discard(entry.nonce);
    return true;
  }

  async #judge(entry, problem) {
    if (problem instanceof Disconnected || problem.code === "not_signed_in") {
      this.changed();
      return false;
    }
    if (problem instanceof Refused && !problem.temporary) this.#fail(entry, problem.message, true);
    else if (problem.retryAfter > HELD_UP) this.#change({ ...entry, begun: false, until: Date.now() + problem.retryAfter * 1000 });
    else if (problem.retryAfter) await pause(problem.retryAfter * 1000);
    else if (problem instanceof Refused || problem instanceof NoAnswer) await this.#countTry(entry, problem);
    else throw problem;
    return true;
  }

  async #countTry(entry, problem) {
    const tries = entry.tries + 1;
    if (tries >= TRIES) return this.#fail({ ...entry, tries }, problem.message, false);
    this.#change({ ...entry, tries });
    return pause(SECONDS_BETWEEN_TRIES * 1000 * tries);
  }

  #fail(entry, reason, refused) {
    this.#change({ ...entry, failed: { reason, refused } });
  }

  /** Not `#keep`: it may have been discarded while it was under way. */
  #change(entry) {
    if (this.#shelf.get(entry.nonce)) this.#keep(entry);
  }

  #keep(entry) {
    this.#shelf.set(entry.nonce, entry);
    this.changed();
  }
}

/** What one would have to write for an entry: behind a slash stands a command, unless there are two. */
export function rewritten({ kind, text }) {
  if (kind === "me") return `/me ${text}`;
  return text.startsWith("/") ? `/${text}` : text;
}

/** Whether files of an entry are still on their way. */
export function isFilling({ files = [] }) {
  return files.some(({ id }) => !id);
}

/** The command that sends an entry. */
export function commandOf({ room, nonce, text, kind, replyTo, files = [] }) {
  return {
    type: "message.send",
    room,
    nonce,
    text,
    ...(kind === "me" && { kind }),
    ...(replyTo && { reply_to: replyTo }),
    ...(files.length > 0 && { files: files.map(({ id }) => id), alts: files.map(({ alt }) => alt) }),
  };
}
