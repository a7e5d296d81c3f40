import assert from "node:assert/strict";
import { test } from "node:test";

import { countOf, linesOf } from "roost/core/lines.js";
import { GRACE, ServerRoom, started } from "./world.mjs";
import { Store } from "roost/core/store.js";

/** A store that knows of some rooms and holds nothing of them. */
function storeOf(...rooms) {
  const store = new Store();
  store.apply(started(rooms.map((room) => room.row)));
  store.keep([GRACE]);
  return store;
}

function busy(id, posts) {
  const room = new ServerRoom(id);
  for (let count = 0; count < posts; count += 1) room.post();
  return room;
}

function told(room, at = room.messages.at(-1).at, since = 5) {
  return { room: room.id, message: { ...room.messages.at(-1), at }, person: GRACE, since };
}

function shown(store, digest) {
  return linesOf(store, digest).map(({ room, message, author }) => [room.id, message?.text, author?.handle]);
}

test("rooms with something new have a line, where something was posted last first", () => {
  const [one, two, quiet] = [busy(1, 2), busy(2, 1), busy(3, 0)];
  const store = storeOf(one, two, quiet);
  assert.deepEqual(shown(store, [told(one, 10), told(two, 20)]), [[2, "m1", "grace"], [1, "m2", "grace"]]);
  store.apply({ type: "room.read", room: 2, number: 1 });
  assert.deepEqual(shown(store, [told(one, 10), told(two, 20)]), [[1, "m2", "grace"]]);
});

test("a room of which nothing is told yet comes first, with its count alone", () => {
  const [one, two] = [busy(1, 1), busy(2, 1)];
  assert.deepEqual(shown(storeOf(one, two), [told(two)]), [[1, undefined, undefined], [2, "m1", "grace"]]);
});

test("what the page holds is newer than what was told", () => {
  const room = busy(1, 1);
  const store = storeOf(room);
  const digest = [told(room)];
  store.apply(room.opened());
  store.apply(room.post());
  assert.deepEqual(shown(store, digest), [[1, "m2", "grace"]]);
});

test("the count is of all rooms, since the first message that is new in any", () => {
  const [one, two] = [busy(1, 2), busy(2, 3)];
  const store = storeOf(one, two);
  assert.deepEqual(countOf(store, [told(one, 1, 70), told(two, 2, 60)]), { count: 5, since: 60 });
  assert.deepEqual(countOf(store, [told(one, 1, 70)]), { count: 5, since: null });
  for (const [room, number] of [[1, 2], [2, 3]]) store.apply({ type: "room.read", room, number });
  assert.deepEqual(countOf(store, [told(one)]), { count: 0, since: null });
});
