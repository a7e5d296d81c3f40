import assert from "node:assert/strict";
import { test } from "node:test";

import { countIn, isNew, levelOf, toldIn } from "roost/core/loudness.js";
import { linesOf } from "roost/core/lines.js";
import { Store } from "roost/core/store.js";
import { GRACE, ServerRoom, started } from "./world.mjs";

const ALL = { notify: "all" };
const NONE = { notify: "none" };

/** A store with a room in which two messages are new, and which its reader wants like this. */
function storeWanting(wishes, id = 7) {
  const room = new ServerRoom(id);
  room.post();
  room.post();
  const store = new Store();
  store.apply(started([{ ...room.row, ...wishes }]));
  store.keep([GRACE]);
  return store;
}

function roomWanted(wishes) {
  return storeWanting(wishes).room(7);
}

test("without a wish a room is as the settings say", () => {
  const room = roomWanted({});
  assert.deepEqual([levelOf(room, ALL), levelOf(room, NONE)], ["everything", "nothing"]);
  assert.deepEqual([isNew(room), countIn(room), toldIn(room, ALL), toldIn(room, NONE)], [true, 2, 2, 0]);
});

test("a level that was chosen holds whatever the settings say", () => {
  for (const [level, count, told] of [["everything", 2, 2], ["mentions", 0, 0], ["nothing", 0, 0]]) {
    const room = roomWanted({ level });
    assert.deepEqual([levelOf(room, ALL), levelOf(room, NONE)], [level, level]);
    assert.deepEqual([isNew(room), countIn(room), toldIn(room, NONE)], [true, count, told]);
  }
});

test("a muted or hidden room does not stand out, and tells of mentions alone", () => {
  for (const wishes of [{ muted: true }, { hidden: true }, { muted: true, level: "everything" }]) {
    const room = roomWanted(wishes);
    assert.deepEqual([levelOf(room, ALL), isNew(room), countIn(room), toldIn(room, ALL)], ["mentions", false, 0, 0]);
  }
  assert.equal(levelOf(roomWanted({ muted: true, level: "nothing" }), ALL), "nothing");
});

test("what is new in a muted or hidden room is left out of what one has missed", () => {
  assert.equal(linesOf(storeWanting({}), []).length, 1);
  assert.deepEqual(linesOf(storeWanting({ muted: true }), []), []);
  assert.deepEqual(linesOf(storeWanting({ hidden: true }), []), []);
});

test("a wish is heard from another device, and at the start of a connection", () => {
  const store = storeWanting({ favourite: true });
  const told = [];
  store.on("preferred", (id) => told.push(id));
  store.apply({ type: "room.preferred", room: 7, muted: true, level: "nothing" });
  const { favourite, muted, hidden, level } = store.room(7);
  assert.deepEqual([favourite, muted, hidden, level, told], [false, true, false, "nothing", [7]]);
  store.apply(started([new ServerRoom(7).row]));
  assert.deepEqual([store.room(7).muted, store.room(7).level], [false, "default"]);
});

test("a row that was read before a wish does not take it back", () => {
  const store = storeWanting({});
  const room = new ServerRoom(7);
  store.apply({ type: "room.preferred", room: 7, muted: true });
  store.apply(room.opened());
  assert.equal(store.room(7).muted, true);
});

test("favourites are listed before the others, hidden rooms only where their reader is", () => {
  const rows = [["b", {}], ["a", {}], ["d", { favourite: true }], ["c", { favourite: true }], ["e", { hidden: true }]];
  const store = new Store();
  store.apply(started(rows.map(([name, wishes], place) => ({ ...new ServerRoom(place + 1).row, name, ...wishes }))));
  const names = ({ favourites, rooms }) => [favourites, rooms].map((list) => list.map(({ name }) => name));
  assert.deepEqual(names(store.listed()), [["c", "d"], ["a", "b"]]);
  assert.deepEqual(names(store.listed(5)), [["c", "d"], ["a", "b", "e"]]);
  assert.equal(store.sorted.length, 5);
});
