import assert from "node:assert/strict";
import { test } from "node:test";

import { View } from "roost/core/view.js";
import { ServerRoom, storeWith } from "./world.mjs";

function longRoom(count, held = count) {
  const room = new ServerRoom();
  for (let each = 0; each < count; each += 1) room.post();
  const store = storeWith(room);
  store.apply(room.page(count - held + 1, count));
  return { room, store, view: new View(store.room(7)) };
}

test("the tail is a page, and more comes from memory before it has to be loaded", () => {
  const { view } = longRoom(200, 100);
  assert.equal(view.showTail(), true);
  assert.deepEqual([view.from, view.to], [151, 200]);
  assert.equal(view.older(), true);
  assert.equal(view.older(), false);
  assert.deepEqual([view.from, view.to], [101, 200]);
});

test("around a message that is not held, nothing is shown until it is loaded", () => {
  const { room, store, view } = longRoom(500, 50);
  view.showTail();
  assert.equal(view.showAround(100), false);
  store.apply(room.page(75, 124));
  assert.equal(view.showAround(100), true);
  assert.deepEqual([view.from, view.to], [75, 124]);
  assert.equal(view.atTail, false);
});

test("walking down from a permalink reaches the present without a hole", () => {
  const { room, store, view } = longRoom(500, 50);
  store.apply(room.page(75, 124));
  view.showAround(100);
  const seen = new Set();
  for (let step = 0; !view.atTail && step < 100; step += 1) {
    if (!view.newer()) store.apply(room.page(view.to + 1, view.to + 50));
    view.trimAbove();
    for (const message of view.messages) seen.add(message.number);
    assert.ok(view.size <= 320);
  }
  assert.equal(view.to, 500);
  assert.deepEqual([...seen].sort((one, other) => one - other), Array.from({ length: 426 }, (_, index) => index + 75));
});

test("walking up never holds more than 320 and ends at the first message", () => {
  const { view } = longRoom(2_000);
  view.showTail();
  for (let step = 0; !view.atStart && step < 100; step += 1) {
    view.older();
    view.trimBelow();
    assert.ok(view.size <= 320);
  }
  assert.equal(view.from, 1);
  assert.equal(view.size, 300);
});

test("a reader at the end gets what comes, and the far side goes", () => {
  const { room, store, view } = longRoom(310);
  view.showTail();
  while (!view.atStart) view.older();
  for (let each = 0; each < 11; each += 1) {
    store.apply(room.post());
    view.follow(true);
  }
  assert.deepEqual([view.from, view.to], [22, 321]);
});

test("a reader in the past is not moved to the present", () => {
  const { room, store, view } = longRoom(500);
  view.showAround(100);
  const { to } = view;
  store.apply(room.post());
  view.follow(false);
  assert.equal(view.to, to);
});

test("the end stays the end until what came is taken in", () => {
  const { room, store, view } = longRoom(100);
  view.showTail();
  view.follow(true);
  store.apply(room.post());
  assert.deepEqual([view.atEnd, view.atTail], [true, false]);
  view.follow(true);
  assert.deepEqual([view.to, view.atEnd, view.atTail], [101, true, true]);
});

test("a reader who does not rest at the end is above it as soon as more came than may be drawn", () => {
  const { room, store, view } = longRoom(300);
  view.showTail();
  while (view.size < 300) view.older();
  view.follow(false);
  store.apply(room.post());
  view.follow(false);
  assert.deepEqual([view.to, view.atEnd], [300, false]);
});
