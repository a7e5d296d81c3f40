import assert from "node:assert/strict";
import { test } from "node:test";

import { View } from "roost/core/view.js";
import { ADA, ServerRoom, storeWith } from "./world.mjs";

const MOST = 1_500;

/** How many messages a room holds, of all it ever had. */
function held(room) {
  return Array.from({ length: room.number }, (_, index) => index + 1).filter((number) => room.has(number));
}

/** A room whose reader rests at the end, and a view that is painted after each message. */
function lively() {
  const server = new ServerRoom();
  const store = storeWith(server);
  const room = store.room(7);
  const view = new View(room);
  view.showTail();
  const paint = (resting) => {
    view.follow(resting);
    room.shows(view.from, view.to);
  };
  return { server, store, room, view, paint };
}

test("what a room keeps of an endless conversation is bounded, and the end is whole", () => {
  const { server, store, room, view, paint } = lively();
  for (let each = 0; each < 6_000; each += 1) {
    store.apply(server.post());
    paint(true);
    if (each % 500 === 0) assert.ok(held(room).length <= MOST + 1);
  }
  assert.ok(held(room).length <= MOST + 1);
  assert.equal(view.to, 6_000);
  assert.equal(view.messages.length, view.size);
  assert.equal(room.behind, false);
});

test("a reader far up keeps what is around them while the room goes on", () => {
  const { server, store, room, view, paint } = lively();
  for (let each = 0; each < 400; each += 1) store.apply(server.post());
  view.showAround(100);
  paint(false);
  for (let each = 0; each < 5_000; each += 1) {
    store.apply(server.post());
    paint(false);
  }
  assert.equal(view.messages.length, view.size);
  assert.ok(view.contains(100));
  assert.ok(held(room).length <= MOST + 1);
  assert.equal(view.atTail, false);
  assert.equal(view.showTail(), true);
});

test("who rested at the end is there again after a long look elsewhere", () => {
  const { server, store, room, view, paint } = lively();
  for (let each = 0; each < 100; each += 1) store.apply(server.post());
  paint(true);
  for (let each = 0; each < 5_000; each += 1) store.apply(server.post());
  assert.ok(held(room).length <= MOST + 1);
  paint(true);
  assert.equal(view.to, 5_100);
  assert.equal(view.messages.length, view.size);
});

test("a hole that forgetting left is loaded again on the way down", () => {
  const { server, store, room, view, paint } = lively();
  for (let each = 0; each < 100; each += 1) store.apply(server.post());
  paint(false);
  for (let each = 0; each < 5_000; each += 1) store.apply(server.post());
  const seen = new Set();
  for (let step = 0; !view.atTail && step < 200; step += 1) {
    if (!view.newer()) store.apply(server.page(view.to + 1, view.to + 50));
    view.trimAbove();
    room.shows(view.from, view.to);
    for (const { number } of view.messages) seen.add(number);
    assert.ok(held(room).length <= MOST + 50);
  }
  assert.equal(view.to, 5_100);
  assert.equal(seen.size, 5_100 - Math.min(...seen) + 1);
});

test("a room that was left keeps what was shown and its newest messages", () => {
  const { server, store, room, view } = lively();
  for (let each = 0; each < 1_000; each += 1) store.apply(server.post());
  view.showAround(100);
  room.shows(view.from, view.to);
  room.left();
  const shown = Array.from({ length: view.size }, (_, index) => view.from + index);
  assert.deepEqual(held(room), [...shown, ...Array.from({ length: 300 }, (_, index) => 701 + index)]);
});

test("an own message that was forgotten is not shown as unsent", () => {
  const { server, store, room, paint } = lively();
  store.apply(server.post(ADA, "nonce-of-her-own-1234"));
  assert.equal(room.hasNonce("nonce-of-her-own-1234"), true);
  for (let each = 0; each < 3_000; each += 1) {
    store.apply(server.post());
    paint(true);
  }
  assert.deepEqual([room.has(1), room.hasNonce("nonce-of-her-own-1234")], [false, false]);
  assert.deepEqual(store.pending(7), []);
});
