import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { parsePath, pathOf, Place } from "roost/core/place.js";
import { FakeStorage, shelfOn } from "./world.mjs";

test("addresses of rooms and messages are read and written", () => {
  assert.deepEqual(parsePath("/chat/general"), { slug: "general", number: null, beside: false });
  assert.deepEqual(parsePath("/chat/general/1234"), { slug: "general", number: 1234, beside: false });
  assert.deepEqual(parsePath("/chat/general/1234/thread"), { slug: "general", number: 1234, beside: true });
  assert.equal(parsePath("/chat"), null);
  assert.equal(parsePath("/logout"), null);
  assert.equal(pathOf({ slug: "general" }, 12), "/chat/general/12");
  assert.equal(pathOf({ slug: "general" }), "/chat/general");
  assert.equal(pathOf({ home: { slug: "general" }, root: 12 }, 3), "/chat/general/12/thread#t-3");
});

test("a reading position is remembered for ten minutes, also by the page that is loaded anew", (t) => {
  mock.timers.enable({ apis: ["Date"] });
  t.after(() => mock.timers.reset());
  const storage = new FakeStorage();
  new Place(shelfOn(storage)).remember(7, { item: {}, number: 12, offset: 30 });
  mock.timers.tick(10 * 60_000 - 1);
  const { number, offset } = new Place(shelfOn(storage)).recall(7);
  assert.deepEqual([number, offset], [12, 30]);
  mock.timers.tick(1);
  assert.equal(new Place(shelfOn(storage)).recall(7), null);
});

test("at the end, and where nothing has a number yet, there is no position", () => {
  const place = new Place(shelfOn());
  for (const position of [null, undefined, { number: NaN, offset: 3 }]) {
    place.remember(7, { number: 12, offset: 30 });
    place.remember(7, position);
    assert.equal(place.recall(7), null);
  }
});
