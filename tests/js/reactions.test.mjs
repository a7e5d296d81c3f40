import assert from "node:assert/strict";
import { test } from "node:test";

import { drawnOf, hasPut, reacted } from "roost/core/reactions.js";
import { ADA, GRACE, seeded, ServerRoom, snapshot, storeWith } from "./world.mjs";

const put = (emoji, person) => ({ emoji, person, on: true });
const taken = (emoji, person) => ({ emoji, person });
const after = (message, ...changes) => reacted(message, { seq: 9, changes }).reactions;

test("reactions stand in the order of their first use, each with its people", () => {
  const reactions = after({}, put("🎉", 2), put("❤️", 1), put("🎉", 1));
  assert.deepEqual(reactions, [{ emoji: "🎉", people: [2, 1] }, { emoji: "❤️", people: [1] }]);
  assert.deepEqual(after({ reactions }, taken("🎉", 2), put("🎉", 2))[0], { emoji: "🎉", people: [1, 2] });
  assert.deepEqual(after({ reactions }, taken("🎉", 2), taken("🎉", 1), put("🎉", 1)).map(({ emoji }) => emoji), ["❤️", "🎉"]);
  assert.deepEqual(after({ reactions }, put("❤️", 1)), reactions);
  assert.equal(hasPut({ reactions }, "🎉", 2), true);
  assert.equal(hasPut({}, "🎉", 2), false);
});

test("who they are is said with the reader last, and ten of them by name", () => {
  const people = new Map(Array.from({ length: 11 }, (_, index) => [index + 1, { id: index + 1, name: `p${index + 1}` }]));
  const names = (...ids) => drawnOf({ reactions: [{ emoji: "👍", people: ids }] }, { me: 1, people, blocked: new Set([11]) })[0];
  assert.equal(names(2).names, "p2");
  assert.equal(names(1).names, "you");
  assert.equal(names(2, 1, 3).names, "p2, p3 and you");
  assert.equal(names(2, 99).names, "p2 and 1 other");
  assert.equal(names(2, 99).unknown, true);
  assert.equal(names(98, 99).names, "2 members");
  assert.equal(names(2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 12, 13).names, "p2, p3, p4, p5, p6, p7, p8, p9, p10, you and 2 others");
  assert.deepEqual([names(2, 11).count, names(2, 11).unknown, names(2).mine, names(1).mine], [1, false, false, true]);
  assert.equal(names(11), undefined);
});

function posted(count) {
  const server = new ServerRoom();
  for (let each = 0; each < count; each += 1) server.post();
  return server;
}

test("what is told of a message that is not held is made up for when an older answer brings it", () => {
  const server = posted(3);
  const store = storeWith(server);
  store.room(7).forget();
  const late = server.page(1, 2);
  for (const changes of [[put("👍", 2)], [put("👀", 1), taken("👍", 2)]]) store.apply(server.react(1, changes));
  store.apply(late);
  assert.deepEqual(store.room(7).message(1), server.messages[0]);
  assert.deepEqual(store.room(7).message(2), server.messages[1]);
});

test("whoever heard every change, or was away, holds what a fresh page does", () => {
  const random = seeded(7);
  const below = (most) => Math.floor(random() * most);
  const server = posted(5);
  const [present, away] = [storeWith(server), storeWith(server)];
  const since = server.seq;
  for (let count = 0; count < 300; count += 1) {
    const changes = Array.from({ length: 1 + below(3) }, () => ({ emoji: ["👍", "👀", "🎉"][below(3)], person: 1 + below(4), on: random() < 0.6 }));
    present.apply(below(10) ? server.react(1 + below(5), changes) : server.amend(1 + below(5), { text: `t${count}` }));
  }
  away.apply(server.opened(since));
  for (const store of [present, away]) assert.deepEqual(snapshot(store, 7), snapshot(storeWith(server), 7));
  assert.equal(present.room(7).unread, 5);
});

test("what the reader wants shows at once and gives way to what the server tells", () => {
  const server = posted(1);
  const store = storeWith(server);
  const { id } = server;
  const shown = () => store.room(id).message(1).reactions;
  const want = (on) => store.apply({ type: "reaction.wanted", room: id, number: 1, changes: [{ emoji: "👍", person: ADA.id, on }] });
  want(true);
  assert.deepEqual(shown(), [{ emoji: "👍", people: [ADA.id] }]);
  store.apply(server.react(1, [put("👍", GRACE.id), put("👍", ADA.id)]));
  assert.deepEqual(shown(), [{ emoji: "👍", people: [GRACE.id, ADA.id] }]);
  want(false);
  assert.deepEqual(shown(), [{ emoji: "👍", people: [GRACE.id] }]);
});
