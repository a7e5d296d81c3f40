import assert from "node:assert/strict";
import { test } from "node:test";

import { View } from "roost/core/view.js";
import { Arrival } from "roost/elements/timeline/arrival.js";
import { ServerRoom, storeWith } from "./world.mjs";

/** A room of `count` messages as a page holds it that has opened it: its newest 50. */
function opened(count) {
  const room = new ServerRoom();
  for (let each = 0; each < count; each += 1) room.post();
  const store = storeWith(room);
  return { room, store, view: new View(store.room(7)) };
}

const unread = (readUpTo) => new Arrival({ kind: "unread", readUpTo });

test("with nothing unread one arrives at the end", () => {
  const { view } = opened(200);
  assert.equal(unread(null).prepare(view, true), null);
  assert.equal(view.to, 200);
});

test("what is new is shown with what was before it", () => {
  const { view } = opened(200);
  assert.equal(unread(190).prepare(view, true), null);
  assert.ok(view.from < 191 && view.contains(191));
});

test("what is new from far above is loaded with its surroundings", () => {
  const { room, store, view } = opened(200);
  assert.deepEqual(unread(100).prepare(view, true), { around: 101 });
  store.apply(room.page(76, 125));
  assert.equal(unread(100).prepare(view, true), null);
  assert.deepEqual([view.from, view.to], [76, 125]);
});

test("what is new from the very first that is held is loaded with what is above it", () => {
  const { room, store, view } = opened(200);
  const arrival = unread(150);
  assert.deepEqual(arrival.prepare(view, true), { around: 151 });
  store.apply(room.page(126, 175));
  assert.equal(arrival.prepare(view, true), null);
  assert.ok(view.from <= 126);
});

test("who has read nothing arrives at the very first message, which has nothing above it", () => {
  const { room, store, view } = opened(60);
  store.apply(room.page(1, 50));
  assert.equal(unread(0).prepare(view, true), null);
  assert.equal(view.from, 1);
});

test("without a connection one arrives at what is held, and without a room nowhere yet", () => {
  const { view } = opened(200);
  assert.equal(unread(150).prepare(view, false), null);
  assert.ok(view.contains(151));
  const far = opened(200).view;
  assert.equal(unread(100).prepare(far, false), null);
  assert.equal(far.to, 200);
  const unknown = new View({ loaded: false, tail: 0, has: () => false, message: () => undefined });
  assert.deepEqual(unread(100).prepare(unknown, false), { around: 101 });
});
