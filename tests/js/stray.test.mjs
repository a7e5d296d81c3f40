import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Drafts } from "roost/core/drafts.js";
import { Outbox } from "roost/core/outbox.js";
import { dropStrays, strayTexts } from "roost/core/stray.js";
import { ServerRoom, settle, shelfOn, storeWith } from "./world.mjs";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("what was written in rooms that the reader is out of is told, and goes when they have no use for it", async () => {
  const asked = [];
  const save = async ({ room, text }) => {
    asked.push(room);
    return { draft: { room, text, at: 1 } };
  };
  const drafts = new Drafts({ shelf: shelfOn(), save, waits: () => false });
  const outbox = new Outbox({ shelf: shelfOn(), send: null, lock: null, connected: () => false });
  const app = { drafts, outbox, store: storeWith(new ServerRoom(7)) };
  drafts.write(7, "begun");
  drafts.write(8, "begun elsewhere");
  outbox.add(7, "waiting");
  outbox.add(8, "waiting elsewhere");
  assert.deepEqual(strayTexts(app), [
    { room: 8, text: "waiting elsewhere" },
    { room: 8, text: "begun elsewhere" },
  ]);
  drafts.flush();
  await settle();
  const before = asked.length;
  dropStrays(app);
  drafts.flush();
  await settle();
  assert.deepEqual([strayTexts(app), drafts.read(7), outbox.entries.length], [[], "begun", 1]);
  assert.equal(asked.length, before, "the server has no such room for this person");
});
