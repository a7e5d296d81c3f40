import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { parsePath, pathOf, Place } from "roost/core/place.js";

test("addresses of rooms and messages are read and written", () => {
  assert.deepEqual(parsePath("/chat/general"), { slug: "general", number: null });
  assert.deepEqual(parsePath("/chat/general/1234"), { slug: "general", number: 1234 });
  assert.equal(parsePath("/chat"), null);
  assert.equal(parsePath("/logout"), null);
  assert.equal(pathOf({ slug: "general" }, 12), "/chat/general/12");
  assert.equal(pathOf({ slug: "general" }), "/chat/general");
});

test("a reading position is remembered for ten minutes", (t) => {
  mock.timers.enable({ apis: ["Date"] });
  t.after(() => mock.timers.reset());
  const place = new Place();
  place.remember(7, { number: 12, offset: 30 });
  mock.timers.tick(10 * 60_000 - 1);
  assert.equal(place.recall(7).number, 12);
  mock.timers.tick(1);
  assert.equal(place.recall(7), null);
});
