import assert from "node:assert/strict";
import { test } from "node:test";

import { filterOf, withFilter, withoutFilter } from "roost/core/searching.js";

test("a filter comes behind what is written", () => {
  assert.equal(withFilter("  cold start ", "has:link"), "cold start has:link");
  assert.equal(withFilter("", "has:link"), "has:link");
});

test("a filter goes, and the text closes behind it", () => {
  assert.equal(withoutFilter("cold in:tea start", "in:tea"), "cold start");
  assert.equal(withoutFilter('in:"Tide Sensors"', 'in:"Tide Sensors"'), "");
});

test("a value with spaces is quoted", () => {
  assert.equal(filterOf("in", "Tide Sensors"), 'in:"Tide Sensors"');
  assert.equal(filterOf("in", "tea"), "in:tea");
});
