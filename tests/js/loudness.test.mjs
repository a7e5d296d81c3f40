import assert from "node:assert/strict";
import { test } from "node:test";

import { linesOf } from "roost/core/lines.js";
import { listedIn, listsOf } from "roost/core/lists.js";
import { countAll, countIn, forReaderIn, isBusy, isNew, levelOf, toldIn } from "roost/core/loudness.js";
import { newestToldIn } from "roost/core/notices.js";
import { Store } from "roost/core/store.js";
import { ADA, GRACE, ServerRoom, started } from "./world.mjs";

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

/** The same of a talk with Grace. */
function storeOfTalk(wishes) {
  return storeWanting({ kind: "direct", name: "", people: [ADA, GRACE], ...wishes });
}

/** What the only room of a store is, if its reader chose this in the settings. */
function loudnessOf(store, notify = "all") {
  store.prefer({ notify });
  const [room] = store.rooms.values();
  return {
    level: levelOf(store, room),
    isBusy: isBusy(store, room),
    isNew: isNew(store, room),
    count: countIn(store, room),
    forReader: forReaderIn(store, room),
    told: toldIn(store, room),
    newest: newestToldIn(store, room),
  };
}

function holds(loudness, expected) {
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, loudness[key]])), expected);
}

test("without a wish a room is as the settings say", () => {
  const store = storeWanting({});
  holds(loudnessOf(store), { level: "everything", isNew: true, count: 2, forReader: 0, told: 2 });
  holds(loudnessOf(store, "mentions"), { level: "mentions", isNew: true, count: 2, told: 0 });
  holds(loudnessOf(store, "none"), { level: "nothing", isNew: true, count: 2, told: 0 });
});

test("a level that was chosen holds whatever the settings say", () => {
  for (const [level, count, told] of [["everything", 2, 2], ["mentions", 0, 0], ["nothing", 0, 0]]) {
    for (const notify of ["all", "none"]) holds(loudnessOf(storeWanting({ level }), notify), { level, isNew: true, count, told });
  }
});

test("a muted or hidden room does not stand out, and tells of mentions alone", () => {
  for (const wishes of [{ muted: true }, { hidden: true }, { muted: true, level: "everything" }]) {
    holds(loudnessOf(storeWanting(wishes)), { level: "mentions", isNew: false, count: 0, told: 0 });
  }
  holds(loudnessOf(storeWanting({ muted: true, level: "nothing" })), { level: "nothing" });
});

test("what is said in a talk is for its reader", () => {
  holds(loudnessOf(storeOfTalk({}), "mentions"), { level: "everything", isNew: true, count: 0, forReader: 2, told: 2 });
  holds(loudnessOf(storeOfTalk({}), "none"), { level: "nothing", isNew: true, forReader: 2, told: 0 });
  holds(loudnessOf(storeOfTalk({ level: "mentions" })), { forReader: 2, told: 0 });
  assert.equal(countAll(storeOfTalk({})), 2);
});

test("a muted talk is as quiet as a room, and what mentions its reader is for them", () => {
  holds(loudnessOf(storeOfTalk({ muted: true })), { level: "mentions", isNew: false, count: 0, forReader: 0, told: 0 });
  holds(loudnessOf(storeOfTalk({ muted: true, mentions: [2] })), { isNew: true, forReader: 1, told: 1, newest: 2 });
});

test("a hidden talk comes back with what is said in it, unless it is muted", () => {
  const store = storeOfTalk({ hidden: true });
  holds(loudnessOf(store), { isBusy: true, forReader: 2, told: 2 });
  assert.equal(listedIn(store).length, 1);
  store.apply({ type: "room.read", room: 7, number: 2 });
  assert.equal(listedIn(store).length, 0);
  assert.equal(listedIn(storeOfTalk({ hidden: true, muted: true })).length, 0);
});

test("the talk with somebody blocked is silent", () => {
  const store = storeOfTalk({ mentions: [2], level: "everything" });
  store.apply({ type: "person.blocked", person: GRACE, blocked: true });
  holds(loudnessOf(store), { level: "nothing", isBusy: false, isNew: false, count: 0, forReader: 0, told: 0, newest: 0 });
  assert.deepEqual([countAll(store), linesOf(store, [])], [0, []]);
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
  assert.deepEqual(names(listsOf(store)), [["c", "d"], ["a", "b"]]);
  assert.deepEqual(names(listsOf(store, { open: 5 })), [["c", "d"], ["a", "b", "e"]]);
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
  assert.deepEqual([room.forMe, room.newestForMe, countIn(store, room), store.forMe], [1, 2, 0, 1]);
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

test("what was removed mentions nobody until it is put back, and an edit mentions anew", () => {
  const room = new ServerRoom(7);
  const store = new Store();
  store.apply(started([room.row]));
  store.apply(room.opened());
  store.apply(mentioning(room));
  const forMe = [store.room(7).forMe];
  for (const mentions of [undefined, [ADA.id], []]) {
    store.apply(room.amend(1, { mentions }));
    forMe.push(store.room(7).forMe);
  }
  assert.deepEqual(forMe, [1, 0, 1, 0]);
});

test("of a room that tells of mentions, what mentions one is told", () => {
  for (const wishes of [{ level: "mentions" }, { muted: true }, { hidden: true }]) {
    const expected = { isNew: true, isBusy: Boolean(wishes.level), told: 1, newest: 1 };
    holds(loudnessOf(storeWanting({ ...wishes, mentions: [1] })), expected);
  }
  holds(loudnessOf(storeWanting({ mentions: [1] })), { told: 2, newest: 2 });
  holds(loudnessOf(storeWanting({ level: "nothing", mentions: [1] })), { isNew: true, told: 0, newest: 0 });
});

test("a hidden room is listed while it mentions one", () => {
  const store = storeWanting({ hidden: true, mentions: [2] });
  assert.equal(listsOf(store).rooms.length, 1);
  store.apply({ type: "room.read", room: 7, number: 2 });
  assert.equal(listsOf(store).rooms.length, 0);
});
