import assert from "node:assert/strict";
import { test } from "node:test";

import { agoLabel } from "roost/core/times.js";

test("how long ago something was is said in minutes and hours of today, then by the day", () => {
  const now = new Date(2025, 10, 14, 12, 0).getTime();
  const ago = (...parts) => agoLabel(new Date(2025, ...parts).getTime(), now);
  const said = [ago(10, 14, 11, 59, 30), ago(10, 14, 11, 55), ago(10, 14, 0, 30), ago(10, 13, 20, 0), ago(10, 12, 23, 59)];
  assert.deepEqual(said, ["Just now", "5 minutes ago", "11 hours ago", "Yesterday", "12 November"]);
  assert.equal(agoLabel(new Date(2024, 0, 2).getTime(), now), "2 January 2024");
  assert.equal(agoLabel(now + 5_000, now), "Just now");
});
