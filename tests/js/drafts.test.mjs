import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Drafts } from "roost/core/drafts.js";
import { FakeStorage, shelfOn } from "./world.mjs";

let storage;
let drafts;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  storage = new FakeStorage();
  drafts = new Drafts(shelfOn(storage));
});

const afterReload = (room) => new Drafts(shelfOn(storage)).read(room);

test("a draft is kept 300 ms after the first change, while typing goes on", () => {
  drafts.write(7, "h");
  mock.timers.tick(200);
  drafts.write(7, "he");
  mock.timers.tick(100);
  assert.equal(afterReload(7), "he");
});

test("each room has its own", () => {
  drafts.write(7, "here");
  drafts.write(8, "there");
  assert.deepEqual([drafts.read(7), drafts.read(8), drafts.read(9)], ["here", "there", ""]);
});

test("a page that goes saves at once", () => {
  drafts.write(7, "last words");
  drafts.flush();
  assert.equal(afterReload(7), "last words");
});

test("an emptied draft is gone, and both changes are told", () => {
  const told = [];
  drafts.on("changed", (room) => told.push([room, drafts.has(room)]));
  drafts.write(7, "a");
  drafts.write(7, "ab");
  drafts.write(7, "");
  drafts.flush();
  assert.deepEqual(told, [[7, true], [7, false]]);
  assert.equal(afterReload(7), "");
  assert.equal(storage.length, 0);
});
