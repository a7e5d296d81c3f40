import assert from "node:assert/strict";
import { test } from "node:test";

import { allIn, emojiMeant, inTone, toned } from "roost/core/emoji.js";
import { UsedEmoji } from "roost/core/used_emoji.js";
import { shelfOn } from "./world.mjs";

const ALL = allIn({ people: [["😀", "grinning", 0], ["👋", "wave", 1]], nature: [["🌊", "ocean", 0]], objects: [["📻", "radio micro_wave", 0], ["🌐", "wave_web", 0]] });
const meant = (query, recent = []) => emojiMeant(query, ALL, recent, 8).map(({ emoji }) => emoji);

test("a beginning of a name comes before one of a word, and what was used before what was not", () => {
  assert.deepEqual(meant("wave"), ["👋", "🌐", "📻"]);
  assert.deepEqual(meant("wave", ["🌐"]), ["🌐", "👋", "📻"]);
  assert.deepEqual(meant(" :Micro wave: "), ["📻"]);
  assert.deepEqual(meant("ave"), []);
});

test("a tone stands behind the first character, in the place of what asks for colours", () => {
  assert.equal(toned("👋", "🏽"), "👋🏽");
  assert.equal(toned("☝️", "🏿"), "☝🏿");
  assert.equal(toned("🕵️‍♀️", "🏻"), "🕵🏻‍♀️");
  assert.equal(toned("👋", ""), "👋");
  assert.deepEqual(ALL.slice(0, 2).map((each) => inTone(each, "🏽")), ["😀", "👋🏽"]);
});

test("what was used last comes first, and is there before anything was used", () => {
  const used = new UsedEmoji(shelfOn());
  const [usual] = used.recent;
  used.use("🐙");
  used.use("🦆");
  used.use("🐙");
  assert.deepEqual(used.recent.slice(0, 3), ["🐙", "🦆", usual]);
  for (let count = 0; count < 30; count += 1) used.use(String(count));
  assert.equal(used.recent.length, 16);
  used.tone = "🏽";
  assert.equal(used.tone, "🏽");
});
