import assert from "node:assert/strict";
import { test } from "node:test";

import { Edits } from "roost/core/edits.js";
import { Disconnected, Refused } from "roost/core/failures.js";
import { mayEdit, mayRemoveMessage } from "roost/core/rights.js";
import { FakeStorage, settle, shelfOn } from "./world.mjs";

/** Edits on a shelf, over a line that a test holds. */
class Desk {
  connected = true;
  asked = [];

  constructor(storage = new FakeStorage()) {
    this.storage = storage;
    this.edits = new Edits({
      shelf: shelfOn(storage),
      save: (entry) => new Promise((resolve, reject) => this.asked.push({ ...entry, resolve, reject })),
      connected: () => this.connected,
      limit: () => 20,
    });
  }

  begin(text = "before") {
    this.edits.begin(7, 3, text);
  }

  write(text) {
    this.edits.write(7, 3, text);
  }

  save() {
    return this.edits.save(7, 3);
  }

  get entry() {
    return this.edits.get(7, 3);
  }
}

test("what is saved goes out trimmed, and is no edit any more when it is stored", async () => {
  const desk = new Desk();
  desk.begin();
  desk.write(" after ");
  const saved = desk.save();
  assert.deepEqual([desk.entry.saving, desk.entry.text], [true, "after"]);
  desk.asked[0].resolve();
  await saved;
  assert.equal(desk.entry, null);
  assert.deepEqual(desk.storage.length, 0);
});

test("saying the same again asks nobody", async () => {
  const desk = new Desk();
  desk.begin();
  desk.write("before ");
  await desk.save();
  assert.deepEqual([desk.entry, desk.asked], [null, []]);
});

test("what is refused stays as it was typed, with the reason", async () => {
  const desk = new Desk();
  desk.begin();
  desk.write("after");
  const saved = desk.save();
  desk.asked[0].reject(new Refused({ code: "too_fast", message: "Wait." }));
  await saved;
  assert.deepEqual([desk.entry.saving, desk.entry.text, desk.entry.reason], [false, "after", "Wait."]);
});

test("what is too long does not leave", async () => {
  const desk = new Desk();
  desk.begin();
  desk.write("x".repeat(21));
  await desk.save();
  assert.equal(desk.asked.length, 0);
  assert.match(desk.entry.reason, /at most 20 characters/);
  desk.write("🐦".repeat(20));
  desk.save();
  assert.equal(desk.asked.length, 1);
});

test("without a connection it waits, and goes out when there is one", async () => {
  const desk = new Desk();
  desk.connected = false;
  desk.begin();
  desk.write("after");
  await desk.save();
  assert.deepEqual([desk.asked.length, desk.entry.saving], [0, true]);
  desk.connected = true;
  desk.edits.resume();
  desk.asked[0].reject(new Disconnected());
  await settle();
  assert.equal(desk.entry.saving, true);
  desk.edits.resume();
  desk.asked[1].resolve();
  await settle();
  assert.equal(desk.entry, null);
});

test("whoever goes on writing while it is saved loses nothing by the answer", async () => {
  const desk = new Desk();
  desk.begin();
  desk.write("after");
  const saved = desk.save();
  desk.begin();
  desk.write("after all");
  desk.asked[0].resolve();
  await saved;
  assert.deepEqual([desk.entry.text, desk.entry.saving], ["after all", false]);
});

test("another page finds what was typed, and what was on its way", async () => {
  const desk = new Desk();
  desk.begin();
  desk.write("half a");
  assert.equal(new Desk(desk.storage).entry.text, "half a");
  desk.save();
  const next = new Desk(desk.storage);
  next.edits.resume();
  assert.deepEqual(next.asked.map(({ text }) => text), ["half a"]);
});

test("one that was begun has the focus once", () => {
  const desk = new Desk();
  desk.begin();
  assert.deepEqual([desk.edits.takesFocus(desk.entry), desk.edits.takesFocus(desk.entry)], [true, false]);
});

test("one edits one's own where one may post, as long as the server lets one", () => {
  const room = { role: "member", posting: "everybody", archived: false };
  const reader = { person: { id: 1 }, editMinutes: 0 };
  const message = { author: 1, at: Date.now() - 90_000 };
  assert.equal(mayEdit(reader, room, message), true);
  assert.equal(mayEdit({ ...reader, editMinutes: 2 }, room, message), true);
  assert.equal(mayEdit({ ...reader, editMinutes: 1 }, room, message), false);
  assert.equal(mayEdit(reader, room, { ...message, author: 2 }), false);
  assert.equal(mayEdit(reader, room, { ...message, removed: true }), false);
  assert.equal(mayEdit(reader, { ...room, archived: true }, message), false);
  assert.equal(mayEdit(reader, { ...room, posting: "moderators" }, message), false);
});

test("one removes one's own, and a moderator those of whoever does not rank above", () => {
  const people = new Map([[2, { id: 2 }], [3, { id: 3, role: "admin" }]]);
  const room = { role: "member" };
  const by = (person, author) => mayRemoveMessage({ person, people }, room, { author });
  const [member, moderator] = [{ id: 1 }, { id: 1, role: "moderator" }];
  assert.deepEqual([by(member, 1), by(member, 2), by(moderator, 2), by(moderator, 3)], [true, false, true, false]);
  assert.equal(mayRemoveMessage({ person: moderator, people }, room, { author: 2, removed: true }), false);
});
