import assert from "node:assert/strict";
import { test } from "node:test";

import { agoLabel, deadlineLabel, linksLabel } from "roost/core/times.js";

test("how long ago something was is said in minutes and hours of today, then by the day", () => {
  const now = new Date(2025, 10, 14, 12, 0).getTime();
  const ago = (...parts) => agoLabel(new Date(2025, ...parts).getTime(), now);
  const said = [ago(10, 14, 11, 59, 30), ago(10, 14, 11, 55), ago(10, 14, 0, 30), ago(10, 13, 20, 0), ago(10, 12, 23, 59)];
  assert.deepEqual(said, ["Just now", "5 minutes ago", "11 hours ago", "Yesterday", "12 November"]);
  assert.equal(agoLabel(new Date(2024, 0, 2).getTime(), now), "2 January 2024");
  assert.equal(agoLabel(now + 5_000, now), "Just now");
});

test("until when somebody waits is said with its day where that is another, and how long for links in the unit that fits", () => {
  const now = new Date(2025, 10, 14, 12, 0).getTime();
  const until = (...parts) => deadlineLabel(new Date(2025, ...parts).getTime(), now);
  assert.deepEqual([until(10, 14, 15, 5), until(10, 21, 9, 0)], ["15:05", "21 November, 09:00"]);
  const HOUR = 3_600_000;
  assert.deepEqual([30_000, HOUR, 23 * HOUR - 1, 40 * HOUR].map(linksLabel), [
    "Links open for you in 1 minute",
    "Links open for you in 60 minutes",
    "Links open for you in 23 hours",
    "Links open for you in 2 days",
  ]);
});
