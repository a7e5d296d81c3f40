import assert from "node:assert/strict";
import { test } from "node:test";

import { beginsWith, fold } from "roost/core/folding.js";
import { peopleMeant, roomsMeant, withMore } from "roost/core/meant.js";
import { ADA, GRACE, ServerRoom, storeWith } from "./world.mjs";

const WREN = { id: 3, handle: "wren_a", name: "Wren Adler" };
const GREGOR = { id: 4, handle: "greg", name: "Grégoire Øst" };
const NICK = { id: 5, handle: "grnick", name: "Gr Nick", imported: true };
const PEOPLE = new Map([ADA, GRACE, WREN, GREGOR, NICK].map((person) => [person.id, person]));

function meant(prefix, speakers, found = [], blocked = []) {
  return peopleMeant(prefix, { speakers, people: PEOPLE, found, me: ADA.id, blocked: new Set(blocked) }).map(({ handle }) => handle);
}

test("case and accents do not matter, and any word of a name will do", () => {
  for (const prefix of ["gre", "GRÉ", "gré", "ost", "Øs", "greg"]) assert.deepEqual(meant(prefix, [3, 4]), ["greg"], prefix);
  assert.deepEqual(meant("a", [3, 4]), ["wren_a"]);
  assert.deepEqual(meant("dler", [3, 4]), []);
});

test("who spoke last comes first, then whom the server named", () => {
  assert.deepEqual(meant("gr", [4, 2]), ["greg", "grace"]);
  assert.deepEqual(meant("gr", [2, 4]), ["grace", "greg"]);
  assert.deepEqual(meant("gr", [4], [GRACE, GREGOR]), ["greg", "grace"]);
});

test("neither the reader nor who wrote elsewhere is meant", () => {
  assert.deepEqual(meant("", [1, 5, 2]), ["grace"]);
});

test("nobody is meant whom the reader has blocked", () => {
  assert.deepEqual(meant("", [4, 2], [WREN], [2, 3]), ["greg"]);
});

test("somebody is shown under the name they have now", () => {
  const people = new Map([[2, { ...GRACE, name: "Admiral Hopper" }]]);
  assert.equal(peopleMeant("adm", { speakers: [], people, found: [GRACE], me: 1, blocked: new Set() })[0].name, "Admiral Hopper");
});

test("what the server adds comes behind what is shown", () => {
  assert.deepEqual(withMore([WREN, GRACE], [GRACE, GREGOR]), [WREN, GRACE, GREGOR]);
  const crowd = Array.from({ length: 12 }, (_, id) => ({ id }));
  assert.deepEqual(withMore(crowd.slice(0, 6), crowd).map(({ id }) => id), [0, 1, 2, 3, 4, 5, 6, 7]);
});

test("rooms are found by their name, those that begin so first", () => {
  const rooms = [
    { id: 1, name: "Night shift", slug: "night-shift" },
    { id: 2, name: "Shift plans", slug: "plans" },
    { id: 3, name: "Été", slug: "summer" },
  ];
  const names = (prefix) => roomsMeant(prefix, rooms).map(({ name }) => name);
  assert.deepEqual(names("sh"), ["Shift plans", "Night shift"]);
  assert.deepEqual(names("ete"), ["Été"]);
  assert.deepEqual(names("summ"), ["Été"]);
  assert.deepEqual(names("night-sh"), ["Night shift"]);
  assert.equal(names("").length, 3);
});

test("a room tells who spoke in it, the last first", () => {
  const room = new ServerRoom();
  const store = storeWith(room);
  for (const author of [GRACE, ADA, GRACE, WREN, ADA]) store.apply(room.post(author));
  assert.deepEqual(store.room(7).speakers, [ADA.id, WREN.id, GRACE.id]);
});

test("folding takes away what spellings differ in", () => {
  assert.equal(fold("GROß Łukasz José"), "gross lukasz jose");
  assert.ok(beginsWith("", [""]));
});
