import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Store } from "roost/core/store.js";
import { ADA, GRACE, seeded, ServerRoom, snapshot, started, storeWith } from "./world.mjs";

test("a message in its turn is taken, a repeated one dropped", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const event = room.post();
  store.apply(event);
  store.apply(event);
  assert.deepEqual(snapshot(store, 7), snapshot(storeWith(room), 7));
  assert.equal(store.room(7).held, 1);
});

test("what somebody chose in the settings is told at the start and when it changes", () => {
  const store = new Store();
  const told = [];
  store.on("preferences", () => told.push(store.preferences.theme));
  store.apply({ ...started([]), preferences: { theme: "dusk" } });
  store.apply({ type: "preferences.changed", preferences: { theme: "day" } });
  store.apply(started([]));
  assert.deepEqual([told, store.preferences.theme], [["dusk", "day"], "day"]);
});

test("a hole in the numbers is told and filled by opening again", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const behind = [];
  store.on("behind", (id) => behind.push(id));
  store.apply(room.post());
  room.post();
  store.apply(room.post());
  assert.deepEqual(behind, [7]);
  assert.equal(store.room(7).held, 1);
  store.apply(room.opened(store.room(7).held));
  assert.equal(store.room(7).held, 3);
  assert.equal(store.room(7).behind, false);
});

test("changes that overtook each other are put in order without asking", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const [first, second, third] = [room.post(), room.join(GRACE), room.post()];
  for (const event of [third, second, first]) store.apply(event);
  assert.deepEqual(snapshot(store, 7).messages, room.messages);
  assert.equal(store.room(7).behind, false);
});

test("a join takes a seq and no number", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  store.apply(room.join(GRACE));
  assert.deepEqual([store.room(7).held, store.room(7).tail, store.room(7).members], [1, 0, 3]);
});

test("who leaves is counted no longer, and their leaving has its turn", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const told = [];
  store.on("left", ({ room, person }) => told.push([room, person.id]));
  store.apply(room.leave(GRACE));
  assert.deepEqual([store.room(7).held, store.room(7).members, told], [1, 1, [[7, GRACE.id]]]);
});

test("a room that is changed is so at once, and in the order of changes too", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const told = [];
  store.on("changed", (id) => told.push(id));
  const missed = room.post();
  store.apply(room.change({ name: "Annex", slug: "annex", kind: "private", archived: true, slow_seconds: 30 }));
  const { name, slug, kind, archived, slow, held, behind } = store.room(7);
  assert.deepEqual([name, slug, kind, archived, slow], ["Annex", "annex", "private", true, 30]);
  assert.deepEqual([held, behind, told], [0, true, [7]]);
  store.apply(missed);
  assert.deepEqual([store.room(7).held, store.room(7).behind], [2, false]);
  store.apply(room.change({ archived: false }));
  assert.equal(store.room(7).archived, false);
});

test("what was read of a room before a change does not undo it", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const early = room.opened(0);
  store.apply(room.change({ name: "Annex" }));
  store.apply(early);
  assert.equal(store.room(7).name, "Annex");
  room.change({ name: "Attic" });
  store.apply(room.opened(0));
  assert.equal(store.room(7).name, "Attic");
});

test("a change of a room that is not loaded asks for nothing", () => {
  const room = new ServerRoom();
  const store = new Store();
  store.apply(started([room.row]));
  let behind = null;
  store.on("behind", (id) => (behind = id));
  room.post();
  store.apply(room.change({ topic: "Tea" }));
  assert.deepEqual([store.room(7).topic, behind], ["Tea", null]);
});

test("the reader is out of a room at once, and everybody hears how", () => {
  const rooms = [new ServerRoom(7), new ServerRoom(8), new ServerRoom(9)];
  const store = new Store();
  const told = [];
  store.on("removed", ({ room, how, by }) => told.push([room.id, how, by, store.sorted.length]));
  store.apply(started(rooms.map(({ row }) => row)));
  store.apply({ type: "room.removed", room: 7, seq: 1, by: GRACE.id });
  store.apply({ type: "room.removed", room: 7, seq: 1, by: GRACE.id });
  store.apply({ type: "room.removed", room: 8, seq: 1 });
  store.apply(started([new ServerRoom(10).row]));
  assert.deepEqual(told, [[7, "put out", GRACE.id, 2], [8, "left", null, 1], [9, "gone", null, 1]]);
  store.apply({ type: "room.joined", room: rooms[0].row });
  assert.equal(store.room(7).loaded, false);
});

test("a heartbeat shows that the last message never came", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  room.post();
  let behind = null;
  store.on("behind", (id) => (behind = id));
  store.apply({ type: "heartbeat", heads: { 7: room.seq } });
  assert.equal(behind, 7);
  assert.equal(store.room(7).behind, true);
});

test("what was missed may come in parts", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const held = room.seq;
  for (let count = 0; count < 6; count++) room.post();
  const whole = room.opened(held);
  const part = { ...whole, room: { ...whole.room, seq: held + 4 }, messages: whole.messages.slice(0, 4), more: true };
  store.apply(part);
  assert.equal(store.room(7).held, held + 4);
  assert.equal(store.room(7).tail, part.messages[3].number);
  assert.equal(store.room(7).unread, 6);
  store.apply(room.opened(held + 4));
  assert.equal(store.room(7).held, room.seq);
  assert.equal(store.room(7).tail, room.number);
});

test("events that arrive before the room is opened are not lost", () => {
  const room = new ServerRoom();
  const store = new Store();
  store.apply(started([room.row]));
  const answer = room.opened();
  store.apply(room.post());
  store.apply(answer);
  assert.deepEqual(snapshot(store, 7).messages, room.messages);
});

test("after a reset nothing older is held", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  for (let count = 0; count < 3; count += 1) store.apply(room.post());
  for (let count = 0; count < 60; count += 1) room.post();
  let reset = null;
  store.on("reset", (id) => (reset = id));
  store.apply({ ...room.opened(), reset: true });
  assert.equal(reset, 7);
  assert.equal(store.room(7).has(1), false);
  assert.equal(store.room(7).held, 63);
});

test("another epoch voids what was held, and its lower numbers are believed", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  for (let count = 0; count < 5; count += 1) store.apply(room.post());
  const restored = new ServerRoom();
  restored.post();
  store.apply(started([restored.row], { epoch: "e2" }));
  assert.equal(store.room(7).loaded, false);
  assert.equal(store.room(7).number, 1);
  store.apply(restored.opened());
  assert.deepEqual(snapshot(store, 7).messages, restored.messages);
});

test("unread is what lies past the read marker, which never moves backwards", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  for (let count = 0; count < 4; count += 1) store.apply(room.post());
  store.apply({ type: "room.read", room: 7, number: 3 });
  store.apply({ type: "room.read", room: 7, number: 2 });
  assert.equal(store.room(7).unread, 1);
});

test("what was marked unread on another device is so here, and stays until the reader leaves", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const told = [];
  store.on("unread", (id) => told.push(id));
  for (let count = 0; count < 4; count += 1) store.apply(room.post());
  store.apply({ type: "room.read", room: 7, number: 4 });
  store.apply({ type: "room.unread", room: 7, number: 1 });
  assert.deepEqual([store.room(7).unread, store.room(7).keptUnread, told], [3, true, [7]]);
  store.apply({ type: "room.read", room: 7, number: 4 });
  assert.deepEqual([store.room(7).unread, store.room(7).keptUnread], [0, false]);
});

test("a state of the room that was read before does not make unread what was read meanwhile", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  for (let count = 0; count < 4; count += 1) store.apply(room.post());
  const early = room.opened(4, 1);
  store.apply({ type: "room.read", room: 7, number: 4 });
  store.apply(early);
  assert.equal(store.room(7).unread, 0);
});

test("who comes back learns that the marker went back, but keeps what they moved themselves", () => {
  const room = new ServerRoom();
  for (let count = 0; count < 9; count += 1) room.post();
  const back = (moves, read) => {
    const store = new Store();
    store.apply(started([room.rowFor(5)]));
    for (const number of moves) store.apply({ type: "marker.moved", room: 7, number });
    store.apply(started([room.rowFor(read)]));
    return store.room(7);
  };
  assert.deepEqual([back([], 3).read, back([], 3).keptUnread, back([], 7).read], [3, true, 7]);
  assert.deepEqual([back([8], 5).read, back([8], 3).read, back([8], 9).read], [8, 8, 9]);
  assert.deepEqual([back([2], 5).read, back([2], 5).keptUnread], [2, true]);
});

test("an own message that is here waits no longer, even if its sending failed", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const entry = { nonce: "mine-mine-mine-mine", room: 7, text: "hello", at: 1, tries: 3, failed: { reason: "No answer." } };
  const stored = [];
  store.on("stored", (nonce) => stored.push(nonce));
  store.apply({ type: "outbox.changed", entries: [entry] });
  store.apply(room.post(GRACE, entry.nonce));
  assert.deepEqual(stored, []);
  store.apply(room.post(ADA, entry.nonce));
  assert.deepEqual(stored, [entry.nonce]);
});

test("drafts are handed on, those of the first words with their database", () => {
  const store = new Store();
  const told = [];
  store.on("drafts", (drafts) => told.push(drafts));
  store.on("draft", (draft) => told.push(draft));
  const draft = { room: 7, text: "hell", at: 5 };
  store.apply({ ...started([]), drafts: [draft] });
  store.apply(started([]));
  store.apply({ type: "draft.changed", draft });
  assert.deepEqual(told, [{ epoch: "e1", drafts: [draft] }, { epoch: "e1", drafts: [] }, draft]);
});

test("activity elsewhere counts as unread there", () => {
  const [here, there] = [new ServerRoom(7), new ServerRoom(8)];
  const store = new Store();
  store.apply(started([here.row, there.row]));
  there.post();
  store.apply({ type: "room.activity", room: 8, number: there.number, seq: there.seq });
  assert.equal(store.room(8).unread, 1);
});

test("what waits to be sent is shown until its own message is there, and never beside it", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const entry = { nonce: "mine-mine-mine-mine", room: 7, text: "hello", at: 1, tries: 0, failed: null };
  store.apply({ type: "outbox.changed", entries: [entry] });
  assert.deepEqual(store.pending(7), [entry]);
  store.apply(room.post(ADA, entry.nonce));
  assert.deepEqual(store.pending(7), []);
});

test("a stored message stays in sight between its answer and its turn", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const entry = { nonce: "mine-mine-mine-mine", room: 7, text: "hello", at: 1, tries: 0, failed: null };
  store.apply({ type: "outbox.changed", entries: [entry] });
  const other = room.post();
  const posted = room.post(ADA, entry.nonce);
  store.apply({ type: "sent", ref: 1, room: 7, message: posted.message });
  store.apply({ type: "outbox.changed", entries: [] });
  assert.deepEqual(store.pending(7).map(({ nonce }) => nonce), [entry.nonce]);
  store.apply(other);
  store.apply(posted);
  assert.deepEqual(store.pending(7), []);
  assert.equal(store.room(7).has(2), true);
});

test("somebody writes for five seconds, or until their message", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const room = new ServerRoom();
  const store = storeWith(room);
  store.apply({ type: "typing.started", room: 7, person: GRACE });
  mock.timers.tick(4_999);
  assert.deepEqual(store.typists(7), [GRACE]);
  mock.timers.tick(1);
  assert.deepEqual(store.typists(7), []);
  store.apply({ type: "typing.started", room: 7, person: GRACE });
  store.apply(room.post(GRACE));
  assert.deepEqual(store.typists(7), []);
});

test("presence is how many are here now", () => {
  const store = storeWith(new ServerRoom());
  store.apply({ type: "presence.changed", room: 7, online: 2 });
  assert.equal(store.room(7).online, 2);
});

test("a new name holds for old messages too", () => {
  const store = storeWith(new ServerRoom());
  store.apply({ type: "person.changed", person: { ...GRACE, name: "Grace Hopper" } });
  assert.equal(store.people.get(2).name, "Grace Hopper");
});

// old state + events = fresh state, whatever the way here loses, doubles and swaps
for (let seed = 1; seed <= 300; seed += 1) {
  test(`history ${seed} ends like a fresh load`, () => {
    const random = seeded(seed);
    const room = new ServerRoom();
    const store = storeWith(room);
    const underWay = [];
    for (let step = 0; step < 60; step += 1) {
      const event = random() < 0.2 ? room.join(GRACE) : room.post(random() < 0.5 ? ADA : GRACE);
      if (random() > 0.15) underWay.push(event);
      if (random() < 0.15) underWay.push(event);
      if (random() < 0.3 && underWay.length > 1) underWay.push(underWay.shift());
      while (underWay.length > 0 && random() < 0.6) store.apply(underWay.shift());
      if (store.room(7).behind && random() < 0.4) store.apply(room.opened(store.room(7).held));
      if (random() < 0.1) store.apply({ type: "heartbeat", heads: { 7: room.seq } });
      if (random() < 0.1) store.apply(room.page(Math.ceil(random() * 20), 40));
    }
    for (const event of underWay) store.apply(event);
    store.apply({ type: "heartbeat", heads: { 7: room.seq } });
    if (store.room(7).behind) store.apply(room.opened(store.room(7).held));
    const fresh = storeWith(room);
    fresh.apply(room.page(1, room.number));
    assert.deepEqual(snapshot(store, 7), snapshot(fresh, 7));
    assert.deepEqual(snapshot(store, 7).messages, room.messages);
  });
}

test("whom the reader has blocked is told at the start and when it changes, and is not shown writing", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  const told = [];
  store.on("people", () => told.push([...store.blocked]));
  store.apply({ ...started([room.row]), blocked: [2] });
  store.apply({ type: "person.blocked", person: GRACE, blocked: false });
  store.apply({ type: "person.blocked", person: GRACE, blocked: true });
  assert.deepEqual(told, [[2], [], [2]]);
  store.apply({ type: "typing.started", room: 7, person: GRACE });
  assert.deepEqual(store.typists(7), []);
  store.stopTyping(7, 2);
});

test("what holds the reader back is told at the start and when it changes, and a mute ends by itself", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000 });
  const store = new Store();
  const told = [];
  store.apply({ ...started([]), restraint: { new_for: 90_000 } });
  store.on("people", () => told.push([store.mutedUntil, store.newUntil]));
  // By the server's clock, which is another one.
  store.apply({ type: "restraint.changed", restraint: { muted_until: 7_000_000, muted_for: 60_000, new_for: 90_000 } });
  mock.timers.tick(60_000);
  store.apply({ type: "restraint.changed" });
  assert.deepEqual(told, [[7_000_000, 91_000], [0, 91_000], [0, 0]]);
  mock.timers.reset();
});
