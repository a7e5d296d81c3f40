import assert from "node:assert/strict";
import { test } from "node:test";

import { linesOf } from "roost/core/lines.js";
import { daysOf } from "roost/core/rows.js";
import { GRACE, seeded, ServerRoom, snapshot, started, storeWith } from "./world.mjs";
import { Store } from "roost/core/store.js";

function posted(count) {
  const room = new ServerRoom();
  for (let each = 0; each < count; each += 1) room.post();
  return room;
}

test("a message is what its last change says, and who looks is told", () => {
  const room = posted(2);
  const store = storeWith(room);
  const told = [];
  store.on("amended", ({ message }) => told.push([message.number, message.removed]));
  store.apply(room.remove(1));
  assert.deepEqual(snapshot(store, 7), snapshot(storeWith(room), 7));
  assert.deepEqual(told, [[1, true]]);
});

test("an older answer that comes late does not bring back what was removed", () => {
  const room = posted(3);
  const store = storeWith(room);
  store.room(7).forget();
  const late = room.page(1, 2);
  store.apply(room.remove(1));
  store.apply(late);
  assert.equal(store.room(7).message(1).removed, true);
});

test("who was away gets what changed, also of what they never held", () => {
  const room = posted(3);
  const store = storeWith(room);
  room.post();
  room.remove(2);
  room.remove(4);
  room.post();
  const missed = [];
  store.on("missed", ({ author }) => missed.push(author));
  store.apply(room.opened(store.room(7).held));
  assert.deepEqual(snapshot(store, 7), snapshot(storeWith(room), 7));
  assert.equal(store.room(7).tail, 5);
  assert.deepEqual(missed, [GRACE.id]);
});

test("nobody missed what was removed before they came back", () => {
  const room = posted(1);
  const store = storeWith(room);
  room.post();
  room.remove(2);
  store.on("missed", () => assert.fail());
  store.on("arrived", () => assert.fail());
  store.apply(room.opened(store.room(7).held));
});

test("a part of much that was missed goes no further than its newest message", () => {
  const room = posted(3);
  const store = storeWith(room);
  room.post();
  room.remove(1);
  room.post();
  const all = room.opened(store.room(7).held);
  const part = { ...all, messages: all.messages.slice(0, 2), more: true };
  store.apply({ ...part, room: { ...part.room, seq: part.messages.at(-1).seq } });
  assert.equal(store.room(7).tail, 4);
  store.apply(room.opened(store.room(7).held));
  assert.deepEqual(snapshot(store, 7), snapshot(storeWith(room), 7));
});

test("in whatever order the changes of a message come, the last one holds", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = seeded(seed);
    const room = posted(3);
    const store = storeWith(room);
    const events = [];
    for (let count = 0; count < 12; count += 1) {
      const number = 1 + Math.floor(random() * room.number);
      events.push(random() < 0.4 ? room.post() : room.amend(number, { text: `${seed} ${count}` }));
    }
    events.sort(() => random() - 0.5);
    for (const event of events) if (random() > 0.2) store.apply(event);
    store.apply(room.opened(store.room(7).held));
    assert.deepEqual(snapshot(store, 7), snapshot(storeWith(room), 7), `seed ${seed}`);
  }
});

const shape = (messages, readUpTo = null) =>
  daysOf(messages, [], { me: 1, readUpTo }).flatMap(({ items }) => items.map(({ kind, message }) => message?.number ?? kind));

test("of what its author removed nothing is drawn, of what a moderator removed a label", () => {
  const room = posted(4);
  room.remove(2);
  room.remove(3, { id: 9 });
  assert.deepEqual(shape(room.messages), [1, 3, 4]);
  room.remove(1);
  room.remove(4);
  assert.deepEqual(shape(room.messages), [3]);
});

test("the line of what is new stands above a message that is there", () => {
  const room = posted(4);
  room.remove(2);
  assert.deepEqual(shape(room.messages, 1), [1, "line", 3, 4]);
  room.remove(3);
  room.remove(4);
  assert.deepEqual(shape(room.messages, 1), [1]);
});

test("what is new is told by the last message that is there", () => {
  const room = posted(2);
  const store = new Store();
  store.apply(started([room.row]));
  store.apply(room.opened());
  store.apply(room.remove(2));
  const told = { room: 7, message: room.messages[0], person: GRACE, since: 5 };
  assert.deepEqual(linesOf(store, [told]).map(({ message }) => message.number), [1]);
});
