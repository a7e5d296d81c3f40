import assert from "node:assert/strict";
import { test } from "node:test";

import { Looking } from "roost/core/looking.js";
import { FakeLocks, settle } from "./world.mjs";

test("a room is looked at while any tab has it before it", async () => {
  Object.defineProperty(globalThis, "navigator", { value: { locks: new FakeLocks() }, configurable: true });
  const [one, other] = [new Looking("ada."), new Looking("ada.")];
  assert.equal(await other.isLookedAt(7), false);
  one.look(7);
  assert.equal(await one.isLookedAt(7), true);
  assert.equal(await other.isLookedAt(7), true);
  assert.equal(await other.isLookedAt(8), false);
  one.look(8);
  await settle();
  assert.deepEqual([await other.isLookedAt(7), await other.isLookedAt(8)], [false, true]);
  one.look(null);
  await settle();
  assert.equal(await other.isLookedAt(8), false);
});
