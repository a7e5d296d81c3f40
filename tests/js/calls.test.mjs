import assert from "node:assert/strict";
import { test } from "node:test";

import { callsMeant, handlesIn, reachOf } from "roost/core/calls.js";
import { isFor, said } from "roost/core/said.js";
import { ADA, GRACE, ServerRoom, storeWith } from "./world.mjs";

function opened({ members = 3, online = 2, home = null, ...person } = {}) {
  const server = new ServerRoom();
  const store = storeWith(server);
  const room = store.room(server.id);
  Object.assign(room, { members, online, home });
  store.person = { ...ADA, ...person };
  store.preferences = { invisible: false };
  return { store, room };
}

function reach(text, options) {
  const { store, room } = opened(options);
  return reachOf(store, room, text);
}

test("handles in code are none", () => {
  assert.deepEqual(handlesIn("@Bo, `@ada` and @bo's @grace\n```\n@all\n```\n(@here) a@b.example @x.org"), ["bo", "grace", "here"]);
});

test("a call tells everybody else, or those who are here", () => {
  assert.deepEqual(reach("@all, tea"), { word: "all", people: 2, why: null });
  assert.deepEqual(reach("@HERE!"), { word: "here", people: 1, why: null });
  assert.equal(reach("@here and @all").word, "all");
  assert.equal(reach("tea for `@all`"), null);
  assert.equal(reach("@all", { members: null }), null);
});

test("what tells nobody says why", () => {
  assert.equal(reach("@all", { members: 21 }).why, "crowd");
  assert.equal(reach("@all", { members: 21, role: "moderator" }).people, 20);
  assert.equal(reach("@here", { members: 300, online: 202, role: "moderator" }).why, "many");
  assert.equal(reach("@here", { online: 1 }).why, "nobody");
  assert.equal(reach("@all", { home: {} }).why, "thread");
});

test("calls are suggested where they tell somebody, once they are begun", () => {
  const { store, room } = opened();
  assert.deepEqual(callsMeant("", store.person, room), []);
  assert.deepEqual(callsMeant("A", store.person, room), [{ id: "all", handle: "all" }]);
  room.members = 21;
  assert.deepEqual(callsMeant("a", store.person, room), []);
});

test("a message is for whom it names or calls, and not for its author", () => {
  assert.ok(isFor({ author: 1, mentions: [2] }, 2));
  assert.ok(isFor({ author: 1, told: "all" }, 2));
  assert.ok(isFor({ author: 1, told: [2, 3] }, 3));
  assert.ok(!isFor({ author: 1, told: [3] }, 2));
  assert.ok(!isFor({ author: 2, told: "all" }, 2));
  assert.ok(!isFor({ author: 1 }, 2));
});

test("a call of everybody is heard but by its author and who has blocked them", () => {
  const { store, room } = opened();
  const hear = (number, by) => store.apply({ type: "mention.posted", room: room.id, number, by });
  hear(101, ADA.id);
  store.blocked = new Set([9]);
  hear(102, 9);
  assert.equal(room.forMe, 0);
  hear(103, GRACE.id);
  assert.equal(room.forMe, 1);
});

test("what somebody does begins with their name", () => {
  assert.equal(said({ kind: "me", text: "waves" }, "Ana"), "Ana waves");
  assert.equal(said({ text: "hello" }, "Ana"), "Ana: hello");
});
