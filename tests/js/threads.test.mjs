import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Refused } from "roost/core/failures.js";
import { Live } from "roost/core/live.js";
import { countAll, newThreads } from "roost/core/loudness.js";
import { hasVanished } from "roost/core/rows.js";
import { mayOpenThread, shutBy } from "roost/core/rights.js";
import { Socket } from "roost/core/socket.js";
import { Store } from "roost/core/store.js";
import { strayTexts } from "roost/core/stray.js";
import { FakeNetwork, ServerRoom, settle, started } from "./world.mjs";

let home;
let thread;
let store;

const row = (read = 0) => ({ ...thread.rowFor(read), kind: "thread", parent: 7, root: 1 });

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  home = new ServerRoom();
  thread = new ServerRoom(9);
  store = new Store();
  home.post();
  thread.post();
});

test("threads with something new come with the session, and are in no list of rooms", () => {
  store.apply({ ...started([home.row]), threads: [row()] });
  assert.equal(store.room(9).home, store.room(7));
  assert.equal(store.threadOf(7, 1), store.room(9));
  assert.deepEqual(store.sorted.map(({ id }) => id), [7]);
  assert.equal(newThreads(store), 1);
});

test("what is read, or not followed, is not counted", () => {
  store.apply({ ...started([home.row]), threads: [row()] });
  store.apply({ type: "room.preferred", room: 9, hidden: true });
  assert.equal(newThreads(store), 0);
  store.apply({ type: "room.preferred", room: 9 });
  store.apply({ type: "room.read", room: 9, number: 1 });
  assert.equal(newThreads(store), 0);
});

test("a thread that the next session does not tell of was read elsewhere", () => {
  store.apply({ ...started([home.row]), threads: [row()] });
  store.apply(started([home.row]));
  assert.equal(store.room(9).unread, 0);
  assert.equal(countAll(store), store.room(7).unread);
});

test("a thread goes with its room, of which alone it is said", () => {
  store.apply({ ...started([home.row]), threads: [row()] });
  const removed = [];
  store.on("removed", ({ room }) => removed.push(room.id));
  store.apply({ type: "room.removed", room: 9, seq: 5 });
  store.apply({ type: "room.joined", room: row() });
  store.apply({ type: "room.removed", room: 7, seq: 5 });
  assert.deepEqual(removed, [7]);
  assert.equal(store.room(9), undefined);
  store.apply({ type: "room.joined", room: row() });
  assert.equal(store.room(9), undefined);
});

test("the rules of the room hold in its threads", () => {
  store.apply({ ...started([{ ...home.row, archived: true }]), threads: [row()] });
  assert.equal(shutBy(store.person, store.room(9), 0), "archived");
  assert.equal(mayOpenThread(store, store.room(7), { number: 1 }), false);
  assert.equal(mayOpenThread(store, store.room(7), { number: 1, thread: { room: 9, count: 1 } }), true);
  assert.equal(mayOpenThread(store, store.room(9), { number: 1 }), false);
});

test("what its author removed leaves a trace where there is a thread", () => {
  assert.equal(hasVanished({ removed: true }), true);
  assert.equal(hasVanished({ removed: true, thread: { room: 9 } }), false);
});

test("what waits to be sent in a thread that was not heard of is no stray while its room is there", async () => {
  store.apply(started([home.row]));
  const socket = { request: () => Promise.reject(new Refused({ code: "not_found", message: "There is nothing." })) };
  const texts = (room) => strayTexts({ store, socket, drafts: { rooms: [] }, outbox: { entries: [{ room: 9, home: room, text: "hello" }] } });
  assert.deepEqual(await texts(7), []);
  assert.equal((await texts(8)).length, 1);
});

test("the room and the thread are open at once, and both are opened again after a break", async () => {
  const network = new FakeNetwork();
  const socket = new Socket(network.open, () => 0);
  const live = new Live(socket, store);
  store.apply({ ...started([home.row]), threads: [row()] });
  live.show(7);
  socket.start();
  const opened = () => network.line.sent.filter(({ type }) => type === "room.open").map(({ room }) => room);
  network.line.say({ ...started([home.row]), threads: [row()] });
  live.show(9, "beside");
  await settle();
  assert.deepEqual(opened(), [7, 9]);
  assert.deepEqual(network.line.sent.filter(({ type }) => type === "room.close"), []);
  network.line.break();
  await settle();
  mock.timers.tick(0);
  network.line.say({ ...started([home.row]), threads: [row()] });
  await settle();
  assert.deepEqual(opened().sort(), [7, 9]);
  live.show(null, "beside");
  assert.deepEqual(network.line.sent.filter(({ type }) => type === "room.close").map(({ room }) => room), [9]);
});
