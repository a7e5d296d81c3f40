import assert from "node:assert/strict";
import { test } from "node:test";

import { linesOf } from "roost/core/lines.js";
import { firstOf, listedIn, listsOf } from "roost/core/lists.js";
import { countAll, forReaderIn } from "roost/core/loudness.js";
import { mayRemove, mayRemoveMessage, mayRestrain } from "roost/core/rights.js";
import { Store } from "roost/core/store.js";
import { calledIn, faceOf, isBlocked, onlineIn, shutTalk, talksOf, titleOf } from "roost/core/talks.js";
import { ADA, GRACE, ServerRoom, started } from "./world.mjs";

const TOMO = { id: 3, handle: "tomo", name: "Tomo" };

/** A talk of Ada's in which so many messages were written, the last of them at a time. */
function talk(id, people, { number = 1, at = 0, here = [], idle = [] } = {}) {
  const row = { ...new ServerRoom(id).row, kind: "direct", name: "", number, seq: people.length + number };
  return { ...row, created: id, people: [ADA, ...people], here, idle, at };
}

function storeOf(...rows) {
  const store = new Store();
  store.apply(started(rows));
  return store;
}

const ids = (rooms) => rooms.map(({ id }) => id);

test("a talk is called by the others, and has a face where there is one", () => {
  const store = storeOf(talk(1, [GRACE]), talk(2, [GRACE, TOMO]), new ServerRoom(7).row);
  const [two, three, room] = [1, 2, 7].map((id) => store.room(id));
  assert.deepEqual([titleOf(store, two), calledIn(store, three)], ["Grace", "Grace, Tomo"]);
  assert.deepEqual([titleOf(store, room), calledIn(store, room)], ["room 7", "#room 7"]);
  assert.deepEqual([faceOf(store, two)?.id, faceOf(store, three), faceOf(store, room)], [GRACE.id, null, null]);
});

test("talks stand behind the rooms, where something was said last first", () => {
  const store = storeOf(talk(1, [GRACE], { at: 5 }), talk(2, [TOMO], { at: 9 }), new ServerRoom(7).row);
  assert.deepEqual([ids(store.sorted), ids(listedIn(store))], [[7], [7, 2, 1]]);
  store.apply({ type: "room.activity", room: 1, number: 2, seq: 4 });
  assert.deepEqual(ids(talksOf(store)), [1, 2]);
});

test("rooms stand by name as people sort them, plain names as all others", () => {
  const names = ["zebra", "Ängel", "tide sensors", "tide", "tide-2", "tide-10", "2nd", "Garden", "garden 2", "ёлка", "atom"];
  const store = storeOf(...names.map((name, index) => ({ ...new ServerRoom(20 + index).row, name })));
  assert.deepEqual(store.sorted.map(({ name }) => name), names.toSorted((one, other) => one.localeCompare(other)));
});

test("a talk may be a favourite, and stands behind the rooms there", () => {
  const store = storeOf({ ...talk(1, [GRACE]), favourite: true }, talk(2, [TOMO]), { ...new ServerRoom(7).row, favourite: true });
  assert.deepEqual(Object.values(listsOf(store)).map(ids), [[7, 1], [], [2]]);
});

test("the older talks wait, but not one in which something is new, nor the one that is open", () => {
  const rows = Array.from({ length: 15 }, (_, place) => ({ ...talk(place + 1, [GRACE], { at: 99 - place }), read: 1 }));
  const store = storeOf(...rows.slice(0, 13), { ...rows[13], read: 0 }, rows[14]);
  const { talks } = listsOf(store);
  assert.deepEqual([talks.length, ids(firstOf(store, talks)).slice(11), ids(firstOf(store, talks, 15)).slice(12)], [15, [12, 14], [14, 15]]);
});

test("what nobody wrote in is listed while it is open, or has a draft", () => {
  const store = storeOf(talk(1, [GRACE], { at: 5 }));
  store.apply({ type: "room", room: talk(8, [TOMO], { number: 0 }) });
  assert.deepEqual(ids(talksOf(store)), [1]);
  assert.deepEqual(ids(talksOf(store, { open: 8 })), [8, 1]);
  assert.deepEqual(ids(talksOf(store, { hasDraft: (id) => id === 8 })), [8, 1]);
});

test("the server's list does not name it, and it stays all the same", () => {
  const store = storeOf();
  const removed = [];
  store.on("removed", ({ room }) => removed.push(room.id));
  for (const number of [0, 1]) store.apply({ type: "room", room: talk(8 + number, [GRACE], { number }) });
  store.apply(started([]));
  assert.deepEqual([ids([...store.rooms.values()]), removed], [[8], [9]]);
});

test("one that comes with its first message is told of, and counts for the reader", () => {
  const store = storeOf(new ServerRoom(7).row);
  const told = [];
  store.on("activity", (id) => told.push(id));
  store.apply({ type: "room.joined", room: { ...new ServerRoom(5).row, number: 4, read: 4 } });
  store.apply({ type: "room.joined", room: talk(1, [GRACE]) });
  assert.deepEqual(told, [1]);
  store.apply({ type: "room.activity", room: 7, number: 3, seq: 3 });
  assert.deepEqual([countAll(store), forReaderIn(store, store.room(1)), forReaderIn(store, store.room(7))], [4, 1, 0]);
});

test("of the talk with somebody blocked nothing is shown or counted, and nothing can be written", () => {
  const store = storeOf(talk(1, [GRACE]), talk(2, [GRACE, TOMO]));
  store.apply({ type: "person.blocked", person: GRACE, blocked: true });
  assert.deepEqual([1, 2].map((id) => isBlocked(store, store.room(id))), [true, false]);
  assert.deepEqual([ids(talksOf(store)), ids(talksOf(store, { open: 1 }))], [[2], [2, 1]]);
  assert.deepEqual([countAll(store), forReaderIn(store, store.room(2))], [1, 1]);
  assert.deepEqual(linesOf(store, []).map(({ room }) => room.id), [2]);
  assert.deepEqual([1, 2].map((id) => shutTalk(store, store.room(id))), ["blocked", null]);
  store.apply({ type: "person.blocked", person: GRACE, blocked: false });
  assert.equal(shutTalk(store, store.room(1)), null);
});

test("whoever is left alone reads on", () => {
  const store = storeOf(talk(1, [GRACE]), talk(2, [GRACE, TOMO]));
  store.apply({ type: "person.changed", person: { ...GRACE, former: true } });
  assert.deepEqual([1, 2].map((id) => shutTalk(store, store.room(id))), ["alone", null]);
  assert.equal(titleOf(store, store.room(1)), "Former member");
});

test("a bot says that it is one, and nobody is offered to put it out", () => {
  const store = storeOf(new ServerRoom(7).row);
  const bot = { ...GRACE, bot: true };
  store.apply({ type: "person.changed", person: bot });
  assert.equal(store.people.get(GRACE.id).name, "Grace (bot)");
  const owner = { ...ADA, role: "owner" };
  const offered = (other) => [mayRemove(owner, other, store.room(7)), mayRestrain(owner, other)];
  assert.deepEqual([offered(GRACE), offered(bot)], [[true, true], [false, false]]);
});

test("who is here is known from the list, and as they come and go", () => {
  const store = storeOf(talk(1, [GRACE], { here: [ADA.id] }), new ServerRoom(7).row);
  assert.deepEqual([...store.here], [ADA.id]);
  store.apply({ type: "presence.changed", room: 1, online: 2, came: [GRACE.id] });
  assert.equal(store.here.has(GRACE.id), true);
  store.apply({ type: "presence.changed", room: 7, online: 1, went: [GRACE.id] });
  assert.equal(store.here.has(GRACE.id), true, "left a room, and is here");
  store.apply({ type: "presence.changed", room: 1, online: 2, idle: [GRACE.id] });
  assert.deepEqual([[...store.idle], onlineIn(store, store.room(1))], [[GRACE.id], 2]);
  store.apply({ type: "presence.changed", room: 1, online: 2, came: [GRACE.id] });
  assert.deepEqual([[...store.idle], store.here.has(GRACE.id)], [[], true]);
  store.apply({ type: "presence.changed", room: 1, online: 1, went: [GRACE.id] });
  assert.equal(store.here.has(GRACE.id), false);
  const later = storeOf(talk(1, [GRACE], { here: [ADA.id, GRACE.id], idle: [GRACE.id] }));
  assert.deepEqual([...later.idle], [GRACE.id]);
});

test("nobody is offered to remove what somebody else says in a talk, whatever their role", () => {
  const [person, room] = [{ id: 1, role: "owner" }, { role: "member", kind: "direct" }];
  const people = new Map([[2, { id: 2 }]]);
  assert.equal(mayRemoveMessage({ person, people }, room, { author: 2 }), false);
  assert.equal(mayRemoveMessage({ person, people }, room, { author: 1 }), true);
  assert.equal(mayRemoveMessage({ person, people }, { ...room, kind: "public" }, { author: 2 }), true);
});
