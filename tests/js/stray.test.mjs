import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Drafts } from "roost/core/drafts.js";
import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";
import { Outbox } from "roost/core/outbox.js";
import { dropStrays, strayTexts } from "roost/core/stray.js";
import { ServerRoom, settle, shelfOn, storeWith } from "./world.mjs";

const NOT_FOUND = new Refused({ code: "not_found", message: "There is nothing." });
const TOO_FAST = new Refused({ code: "too_fast", message: "Slow.", temporary: true });

let asked;
let saved;
/** What the server says of rooms that are not told of, by id: a failure, or that they are there. */
let answers;
let app;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  asked = [];
  saved = [];
  answers = new Map([[8, NOT_FOUND]]);
  const save = async ({ room, text }) => {
    saved.push(room);
    return { draft: { room, text, at: 1 } };
  };
  const request = async ({ type, room }) => {
    asked.push(`${type} ${room}`);
    if (answers.has(room)) throw answers.get(room);
    return { type: "page", room };
  };
  const homeOf = (room) => ({ 19: 7, 18: 8 })[room];
  app = {
    drafts: new Drafts({ shelf: shelfOn(), save, waits: () => false, homeOf }),
    outbox: new Outbox({ shelf: shelfOn(), send: null, lock: null, connected: () => false }),
    socket: { request },
    store: storeWith(new ServerRoom(7)),
  };
});

const told = async (removed) => (await strayTexts(app, removed)).map(({ room, text }) => [room, text]);

test("what was written in rooms that the reader is out of is told, and goes when they have no use for it", async () => {
  const { drafts, outbox } = app;
  drafts.write(7, "begun");
  drafts.write(8, "begun elsewhere");
  outbox.add(7, "waiting");
  outbox.add(8, "waiting elsewhere");
  const strays = await strayTexts(app);
  assert.deepEqual(strays.map(({ room, text }) => [room, text]), [[8, "waiting elsewhere"], [8, "begun elsewhere"]]);
  assert.deepEqual(asked, ["message.list 8"]);
  drafts.flush();
  await settle();
  const before = saved.length;
  dropStrays(app, strays);
  drafts.flush();
  await settle();
  assert.deepEqual([await told(), drafts.read(7), outbox.entries.length], [[], "begun", 1]);
  assert.equal(saved.length, before, "the server has no such room for this person");
});

test("what the server merely does not tell of, as a talk in which nothing was said, is no stray", async () => {
  app.drafts.write(9, "the beginning of a talk");
  app.outbox.add(10, "its first message");
  assert.deepEqual([await told(), asked], [[], ["message.list 10", "message.list 9"]]);
});

test("what was just told to be gone is so without asking, with its threads", async () => {
  answers.clear();
  app.drafts.write(8, "in the room");
  app.drafts.write(18, "in a thread there");
  app.drafts.write(9, "elsewhere");
  assert.deepEqual([await told(8), asked], [[[8, "in the room"], [18, "in a thread there"]], ["message.list 9"]]);
});

for (const problem of [new Disconnected(), new NoAnswer(), TOO_FAST]) {
  test(`without an answer nothing is called a stray: ${problem.message}`, async () => {
    answers.set(8, problem);
    app.drafts.write(8, "perhaps");
    assert.deepEqual(await told(), []);
  });
}

test("a thread's draft is none while its room is there, whoever has told of the thread, and goes with it", async () => {
  answers.set(18, NOT_FOUND);
  app.drafts.write(19, "too long for the server".repeat(1_000));
  app.drafts.write(18, "in a room that is gone");
  assert.deepEqual([await told(), asked], [[[18, "in a room that is gone"]], ["message.list 18"]]);
});
