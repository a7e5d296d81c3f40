import assert from "node:assert/strict";
import { test } from "node:test";

import { daysOf } from "roost/core/rows.js";
import { ADA, GRACE, ServerRoom, storeWith } from "./world.mjs";

const FAR = 2_000;

/** A room in which Ada, who reads, said the first thing. */
function begun() {
  const server = new ServerRoom();
  server.post(ADA);
  return server;
}

/** Somebody answers message `number`, as the server tells it. */
function answer(server, number, author = GRACE) {
  const event = server.post(author);
  Object.assign(event.message, { reply_to: number });
  return { ...event, people: [server.messages[number - 1].author === ADA.id ? ADA : GRACE], quoted: [server.messages[number - 1]] };
}

function line(store, number) {
  return store.room(7).quote(number)?.text;
}

test("what is quoted follows its message, whether that is held or not", () => {
  const server = begun();
  for (let each = 0; each < 60; each += 1) server.post();
  const store = storeWith(server);
  assert.equal(line(store, 1), undefined);
  store.apply(answer(server, 1));
  assert.equal(line(store, 1), "m1");
  store.apply(server.amend(1, { text: "better" }));
  assert.equal(line(store, 1), "better");
  store.apply(server.remove(1));
  assert.equal(store.room(7).quote(1).removed, true);
});

test("an older state that comes late, as quoted or as held, is not what is quoted", () => {
  const server = begun();
  const store = storeWith(server);
  const old = { ...server.messages[0] };
  store.apply(server.amend(1, { text: "better" }));
  store.apply({ ...answer(server, 1), quoted: [old] });
  assert.equal(line(store, 1), "better");
  const page = { type: "page", room: 7, messages: [old], people: [], first: true, last: false };
  store.apply(page);
  assert.equal(line(store, 1), "better");
});

test("what changed while one was away is quoted as it is then", () => {
  const server = begun();
  for (let each = 0; each < 60; each += 1) server.post();
  const store = storeWith(server);
  store.apply(answer(server, 1));
  server.amend(1, { text: "better" });
  store.apply(server.opened(store.room(7).held));
  assert.equal(line(store, 1), "better");
});

test("a message that is forgotten is quoted all the same while an answer to it is held, and no longer", () => {
  const server = begun();
  const store = storeWith(server);
  const room = store.room(7);
  store.apply(answer(server, 1));
  for (let each = 0; each < FAR; each += 1) store.apply(server.post());
  store.apply(answer(server, 1));
  room.shows(FAR, server.number);
  room.left();
  assert.equal(room.has(1), false);
  assert.equal(line(store, 1), "m1");
  for (let each = 0; each < FAR; each += 1) store.apply(server.post());
  room.shows(2 * FAR, server.number);
  room.left();
  assert.equal(line(store, 1), undefined);
});

test("an answer is for whom it answers, but for nobody who answers themselves or was blocked", () => {
  const server = begun();
  const store = storeWith(server);
  store.apply(answer(server, 1));
  store.apply(answer(server, 1, ADA));
  store.apply(answer(server, 2));
  assert.equal(store.room(7).forMe, 1);
  store.blocked.add(GRACE.id);
  store.apply(answer(server, 1));
  assert.equal(store.room(7).forMe, 1);
});

test("an answer is for its reader also where what it answers changed last of all", () => {
  const server = begun();
  const store = storeWith(server);
  answer(server, 1);
  server.amend(1, { text: "better" });
  store.apply(server.opened(store.room(7).held));
  assert.equal(store.room(7).forMe, 1);
});

test("an answer stands by itself, and of what was answered a trace", () => {
  const server = begun();
  server.post(ADA);
  server.post(ADA);
  server.messages[2].reply_to = 1;
  const items = () => daysOf(server.messages, [], { me: ADA.id, readUpTo: null }).flatMap((day) => day.items);
  assert.deepEqual(items().map(({ grouped }) => grouped), [false, true, false]);
  server.remove(2);
  server.remove(1);
  server.messages[0].answered = true;
  assert.deepEqual(items().map(({ message }) => message.number), [1, 3]);
});
