import assert from "node:assert/strict";
import { test } from "node:test";

import { countIn, isBusy, isNew, levelOf, toldIn } from "roost/core/loudness.js";
import { newestToldIn } from "roost/core/notices.js";
import { linesOf } from "roost/core/lines.js";
import { Store } from "roost/core/store.js";
import { ADA, GRACE, ServerRoom, started } from "./world.mjs";

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
  assert.equal(levelOf(room, { notify: "mentions" }), "mentions");
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

/** The message that Grace posts next, mentioning Ada. */
function mentioning(room) {
  const event = room.post();
  event.message.mentions = [ADA.id];
  return event;
}

test("mentions are counted apart, at the start, as they come, and until they are read", () => {
  const store = storeWanting({ mentions: [2] });
  const room = store.room(7);
  const told = [];
  store.on("mentioned", ({ number }) => told.push(number));
  assert.deepEqual([room.forMe, room.newestForMe, countIn(room), store.forMe], [1, 2, 0, 1]);
  store.apply({ type: "room.activity", room: 7, number: 3, seq: 3 });
  store.apply({ type: "mention.posted", room: 7, number: 3 });
  assert.deepEqual([room.forMe, told], [2, [3]]);
  store.apply({ type: "room.read", room: 7, number: 2 });
  assert.equal(room.forMe, 1);
  store.apply({ type: "room.read", room: 7, number: 3 });
  assert.deepEqual([room.forMe, store.forMe], [0, 0]);
  store.apply({ type: "room.unread", room: 7, number: 0, mentions: [1, 2, 3] });
  assert.equal(room.forMe, 3);
});

test("a mention counts however it is heard of, and once", () => {
  const room = new ServerRoom(7);
  const store = new Store();
  store.apply(started([room.row]));
  store.apply(room.opened());
  store.apply(mentioning(room));
  store.apply({ type: "mention.posted", room: 7, number: 1 });
  assert.equal(store.room(7).forMe, 1);
});

test("neither blocked people nor oneself mention one", () => {
  const room = new ServerRoom(7);
  const store = new Store();
  store.apply({ ...started([room.row]), blocked: [GRACE.id] });
  store.apply(room.opened());
  store.apply(mentioning(room));
  const own = room.post(ADA);
  own.message.mentions = [ADA.id];
  store.apply(own);
  assert.equal(store.room(7).forMe, 0);
});

test("of a room that tells of mentions, what mentions one is told", () => {
  for (const wishes of [{ level: "mentions" }, { muted: true }, { hidden: true }]) {
    const room = roomWanted({ ...wishes, mentions: [1] });
    assert.deepEqual([isNew(room), isBusy(room), toldIn(room, ALL), newestToldIn(room, ALL)], [true, Boolean(wishes.level), 1, 1]);
  }
  const everything = roomWanted({ mentions: [1] });
  assert.deepEqual([toldIn(everything, ALL), newestToldIn(everything, ALL)], [2, 2]);
  const nothing = roomWanted({ level: "nothing", mentions: [1] });
  assert.deepEqual([isNew(nothing), toldIn(nothing, ALL), newestToldIn(nothing, ALL)], [true, 0, 0]);
});

test("a hidden room is listed while it mentions one", () => {
  const store = storeWanting({ hidden: true, mentions: [2] });
  assert.equal(store.listed().rooms.length, 1);
  store.apply({ type: "room.read", room: 7, number: 2 });
  assert.equal(store.listed().rooms.length, 0);
});
