import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";
import { Timer } from "roost/core/timer.js";
import { Topics } from "roost/core/topics.js";

const KEPT_AFTER = 300;
const SAVED_AFTER = 1_000;
const SAVED_WITHIN = 5_000;
const AGAIN_AFTER = 5_000;
/** What the server keeps of one (docs/protocol.md). More might not fit a frame, and would end the connection. */
const LONGEST = 10_000;
const NOTHING = { text: "", replyTo: null, changed: 0, held: "", at: 0, settled: null, other: null, epoch: null };

/**
 * What is being written, by room: on a shelf of this device after 300 ms, on the server when the writing pauses, and by
 * way of the server on the person's other devices. The newest holds, an emptied one too; but what was written here and
 * not saved is never replaced: what comes then from elsewhere lies beside it.
 *
 * An entry is {text, replyTo, home, changed, held, at, settled, other, epoch}:
 *   text, changed    what stands here, and since when by our own clock
 *   replyTo          the number of the message that it is to answer, or null; this stays on this device
 *   home             the room that it is in, where it is a draft of a thread
 *   held, at, epoch  what the server holds, since when by its clock, in which database
 *   settled          a text that the server knows of and does not hold; it is not asked again
 *   other            a text of another device, until the person has taken it
 *
 * Says "changed" (room) when a room gains or loses a draft, and "filled" (room) when `read` or `other` give something that
 * was not written here.
 */
export class Drafts {
  #shelf;
  #save;
  #waits;
  #homeOf;
  #entries = new Map();
  #epoch = null;
  /** Rooms whose entry is not on the shelf yet. */
  #unkept = new Set();
  /** What the server is just being asked to hold, by room. */
  #asked = new Map();
  #unsavedSince = null;
  #topics = new Topics();
  #keeping = new Timer(() => this.#keepAll());
  #saving = new Timer(() => this.#saveAll());

  /**
   * `save({room, text, age, known})` resolves to {draft, replaced}: what the server holds then, and what it held before
   * if nobody here had seen that. `waits(room)` tells whether messages of a room are still on their way: an emptied draft
   * is saved after them, so that no text is ever nowhere. `homeOf(room)` is the room that a thread is
   * in, if that is known.
   */
  constructor({ shelf, save, waits, homeOf }) {
    this.#shelf = shelf;
    this.#save = save;
    this.#waits = waits;
    this.#homeOf = homeOf;
    for (const key of shelf.keys()) this.#entries.set(Number(key), onShelf(shelf, key));
  }

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  read(room) {
    return this.#entry(room).text;
  }

  /** The room of a thread, also while nobody has told of the thread. */
  home(room) {
    return this.#entry(room).home;
  }

  has(room) {
    return isDraft(this.#entry(room));
  }

  /** The rooms that have a text. */
  get rooms() {
    return [...this.#entries.keys()].filter((room) => this.read(room).trim() !== "");
  }

  /** What was written on another device while something else was written here, or null. */
  other(room) {
    return this.#entry(room).other;
  }

  write(room, text) {
    this.#change(room, { text, changed: Date.now(), settled: null });
    this.#saveSoon();
  }

  replyTo(room) {
    return this.#entry(room).replyTo;
  }

  /** What is written here is to answer message `number`; null: none. */
  answer(room, number) {
    this.#change(room, { replyTo: number, changed: Date.now(), epoch: this.#epoch });
    this.#topics.say("filled", room);
  }

  /** The text of the other device takes the place of the one here, and the other way round. */
  swap(room) {
    const { text, other } = this.#entry(room);
    this.#change(room, { text: other, other: text || null, changed: Date.now(), settled: null });
    this.#topics.say("filled", room);
    this.#saveSoon();
  }

  /** Nothing of it is wanted, and the server is not asked: in this room it would take nothing. */
  drop(room) {
    this.#change(room, { text: "", replyTo: null, other: null, changed: Date.now(), settled: "" });
    this.#keepAll();
  }

  /** Keeps and saves at once: the page is about to go. */
  flush() {
    this.#keepAll();
    this.#saveAll();
  }

  /** Messages were taken by the server: what was emptied because of them may be saved now. */
  accepted() {
    for (const [room, { text }] of this.#entries) if (text === "") this.#saveOne(room);
  }

  /** The first words of a connection, or of the page: all drafts of this person that have a text. */
  meet({ epoch, drafts = [] }) {
    this.#epoch = epoch;
    // Of another database than the one that is spoken to now, so it holds nothing of this.
    for (const [room, entry] of this.#entries) {
      if (entry.epoch !== epoch) this.#change(room, { replyTo: null, held: "", at: 0, settled: null, epoch });
    }
    const told = new Set(drafts.map(({ room }) => room));
    for (const draft of drafts) this.hear(draft);
    for (const [room, { held, at }] of this.#entries) {
      if (held !== "" && !told.has(room)) this.hear({ room, text: "", at });
    }
  }

  /** The server holds this text now. */
  hear({ room, text, at }) {
    const entry = this.#entry(room);
    if (at < entry.at) return;
    const untouched = entry.text === entry.held;
    this.#change(room, { held: text, at, epoch: this.#epoch });
    // What is just being saved here comes back from there, perhaps to find more written; and what was changed here just
    // before the page went is still held there as it was.
    if ([entry.text, entry.held, this.#asked.get(room)].includes(text)) return;
    if (!untouched) return this.#putBeside(room, text);
    this.#change(room, { text, changed: Date.now() });
    this.#topics.say("filled", room);
  }

  /** There is a connection: what it has not been told is saved. */
  resume() {
    this.#saveAll();
  }

  /** Another tab wrote on the shelf. Of two texts the one that was written later stands. */
  reload() {
    for (const key of new Set([...this.#shelf.keys(), ...[...this.#entries.keys()].map(String)])) {
      const room = Number(key);
      const [ours, theirs] = [this.#entry(room), onShelf(this.#shelf, key)];
      if (this.#unkept.has(room) || isNewer(ours, theirs)) continue;
      this.#entries.set(room, theirs);
      this.#tell(room, ours);
      if (["text", "replyTo", "other"].some((name) => theirs[name] !== ours[name])) this.#topics.say("filled", room);
    }
  }

  #entry(room) {
    return this.#entries.get(room) ?? NOTHING;
  }

  #change(room, changes) {
    const before = this.#entry(room);
    this.#entries.set(room, { ...before, ...changes, home: this.#homeOf(room) ?? before.home });
    this.#unkept.add(room);
    this.#keeping.setOnce(KEPT_AFTER);
    this.#tell(room, before);
  }

  #tell(room, before) {
    if (isDraft(before) !== this.has(room)) this.#topics.say("changed", room);
  }

  #keepAll() {
    this.#keeping.clear();
    // An emptied one, too: another tab shall see that it is newer.
    for (const room of this.#unkept) this.#shelf.set(String(room), this.#entry(room));
    this.#unkept.clear();
  }

  /** When the writing pauses, but not later than 5 s after its beginning. */
  #saveSoon() {
    this.#unsavedSince ??= Date.now();
    if (!this.#saving.pending || Date.now() - this.#unsavedSince < SAVED_WITHIN - SAVED_AFTER) this.#saving.set(SAVED_AFTER);
  }

  #saveAll() {
    this.#saving.clear();
    this.#unsavedSince = null;
    for (const room of this.#entries.keys()) this.#saveOne(room);
  }

  async #saveOne(room) {
    const { text, changed, held, at, settled } = this.#entry(room);
    if (text === held || text === settled || this.#asked.has(room) || (text === "" && this.#waits(room))) return;
    if (text.length > LONGEST) return;
    this.#asked.set(room, text);
    try {
      const { draft, replaced } = await this.#save({ room, text, age: Math.max(0, Date.now() - changed), known: at });
      this.hear(draft);
      this.#settle(room, text);
      if (replaced) this.#putBeside(room, replaced.text);
    } catch (problem) {
      this.#judge(room, text, problem);
    } finally {
      this.#asked.delete(room);
    }
    if (this.#entry(room).text !== text) this.#saveSoon();
  }

  #putBeside(room, text) {
    this.#change(room, { other: text || null });
    this.#topics.say("filled", room);
  }

  /** Only a text that still stands here as it was asked about. */
  #settle(room, text) {
    if (this.#entry(room).text === text) this.#change(room, { settled: text });
  }

  /** Without a connection it is saved with the next one; what is refused for good stays on this device. */
  #judge(room, text, problem) {
    if (problem instanceof Disconnected || problem.code === "not_signed_in") return;
    if (problem instanceof Refused && !problem.temporary) this.#settle(room, text);
    else if (problem instanceof Refused || problem instanceof NoAnswer) this.#saving.set((problem.retryAfter ?? 0) * 1_000 + AGAIN_AFTER);
    else throw problem;
  }
}

function isDraft({ text, other }) {
  return text.trim() !== "" || other !== null;
}

function onShelf(shelf, key) {
  const value = shelf.get(key);
  // A page of an earlier version kept the bare text.
  return { ...NOTHING, ...(typeof value === "string" ? { text: value } : value) };
}

function isNewer(one, other) {
  return one.changed > other.changed || (one.changed === other.changed && one.at >= other.at);
}
