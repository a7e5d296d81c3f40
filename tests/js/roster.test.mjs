import assert from "node:assert/strict";
import { test } from "node:test";

import { Roster } from "roost/core/roster.js";

const people = new Map(["zoe", "ada", "Bob", "cleo", "dan"].map((handle, index) => [index + 1, { id: index + 1, handle, name: handle }]));
const [ZOE, ADA, BOB, CLEO, DAN] = people.values();
const handles = (roster, side) => roster.listed(roster[side]).map(({ handle }) => handle);

function roster({ here = [], idle = [], away = [], more = {} }) {
  const roster = new Roster(people);
  roster.take({ here: true, idle: false, people: here, last: !more.here });
  roster.take({ here: true, idle: true, people: idle, last: !more.idle });
  roster.take({ here: false, people: away, last: !more.away });
  return roster;
}

test("pages are asked for one after the other, those who are here first", () => {
  const roster = new Roster(people);
  assert.deepEqual(roster.next, { here: true, idle: false, after: null });
  roster.take({ here: true, idle: false, people: [ADA, BOB], last: false });
  assert.deepEqual(roster.next, { here: true, idle: false, after: BOB.id });
  roster.take({ here: true, idle: false, people: [CLEO], last: true });
  assert.deepEqual(roster.next, { here: true, idle: true, after: null });
  roster.take({ here: true, idle: true, people: [ZOE], last: true });
  assert.deepEqual(roster.next, { here: false, after: null });
  roster.take({ here: false, people: [DAN], last: false });
  assert.deepEqual(roster.next, { here: false, after: DAN.id });
  roster.take({ here: false, people: [], last: true });
  assert.equal(roster.next, null);
  assert.deepEqual(["here", "idle", "away"].map((side) => handles(roster, side)), [["ada", "Bob", "cleo"], ["zoe"], ["dan"]]);
});

test("who comes and goes changes sides, each to their place", () => {
  const room = roster({ here: [ADA, CLEO], away: [BOB, DAN] });
  assert.ok(room.move([BOB.id], [CLEO.id], []));
  assert.deepEqual([handles(room, "here"), handles(room, "away")], [["ada", "Bob"], ["cleo", "dan"]]);
  assert.ok(room.move([BOB.id], [], []), "told twice");
  assert.deepEqual(handles(room, "here"), ["ada", "Bob"]);
});

test("who goes idle stands behind those who are here, and comes back to their place", () => {
  const room = roster({ here: [ADA, BOB, CLEO], idle: [DAN], away: [ZOE] });
  const sides = () => ["here", "idle", "away"].map((side) => handles(room, side));
  assert.ok(room.move([], [], [BOB.id, ZOE.id]));
  assert.deepEqual(sides(), [["ada", "cleo"], ["Bob", "dan", "zoe"], []]);
  assert.ok(room.move([BOB.id], [DAN.id], []));
  assert.deepEqual(sides(), [["ada", "Bob", "cleo"], ["zoe"], ["dan"]]);
  room.join(ZOE.id);
  assert.deepEqual(sides(), [["ada", "Bob", "cleo"], ["zoe"], ["dan"]]);
  assert.equal(room.move([], [], [99]), false, "a stranger");
  assert.ok(roster({ here: [ADA], more: { here: true, idle: true } }).move([], [], [99]), "who comes with a later page");
});

test("who leaves stands nowhere, though it is told later that they are not connected", () => {
  const room = roster({ here: [ADA, CLEO], away: [BOB] });
  for (const { id } of [ADA, BOB, DAN]) room.leave(id);
  assert.deepEqual([handles(room, "here"), handles(room, "away")], [["cleo"], []]);
  room.move([BOB.id], [ADA.id], []);
  assert.deepEqual([handles(room, "here"), handles(room, "away")], [["cleo"], []]);
  room.join(ADA.id);
  room.move([ADA.id], [], []);
  assert.deepEqual([handles(room, "here"), handles(room, "away")], [["ada", "cleo"], []]);
});

test("who stands past the last page waits for theirs", () => {
  const room = roster({ here: [ADA, CLEO], away: [BOB], more: { away: true } });
  room.move([], [CLEO.id], []);
  assert.deepEqual([handles(room, "here"), handles(room, "away")], [["ada"], ["Bob"]]);
  room.take({ here: false, people: [CLEO, DAN], last: true });
  assert.deepEqual(handles(room, "away"), ["Bob", "cleo", "dan"]);
});

test("who left the end of a page still marks where it ended", () => {
  const room = roster({ here: [ADA, BOB], away: [], more: { here: true } });
  room.move([], [BOB.id], []);
  assert.deepEqual(room.next, { here: true, idle: false, after: BOB.id });
  room.move([ZOE.id], [], []);
  assert.deepEqual(handles(room, "here"), ["ada"]);
});

test("a stranger's place is not known", () => {
  const room = roster({ here: [ADA] });
  assert.equal(room.move([99], [], []), false);
  assert.deepEqual(handles(room, "here"), ["ada"]);
  assert.ok(room.move([], [99], []), "who was not shown need not go");
});

test("who joins is away until they are told to be here", () => {
  const room = roster({ here: [ADA], away: [] });
  room.join(BOB.id);
  room.join(ADA.id);
  assert.deepEqual([handles(room, "here"), handles(room, "away")], [["ada"], ["Bob"]]);
});
