import assert from "node:assert/strict";
import { test } from "node:test";

import { placesOf, scoreOf } from "roost/core/fuzzy.js";

/** The text with what was found in brackets. */
function found(query, text) {
  if (scoreOf(query, text) === null) return null;
  const places = placesOf(query, text);
  return [...text].map((letter, place) => (places.includes(place) ? `[${letter}]` : letter)).join("");
}

/** The texts that have it, the best first. */
function ranked(query, ...texts) {
  const scores = texts.map((text) => [text, scoreOf(query, text)]).filter(([, score]) => score !== null);
  return scores.sort(([, one], [, other]) => other - one).map(([text]) => text);
}

test("letters are found in their order and nowhere else", () => {
  assert.equal(found("ti", "notices"), "no[t][i]ces");
  assert.equal(found("ds", "tide-sensors"), "ti[d]e-[s]ensors");
  assert.equal(found("st", "tide"), null);
  assert.equal(found("tides", "tide"), null);
});

test("the beginning of a word is found before its middle", () => {
  assert.equal(found("s", "tides-sensors"), "tides-[s]ensors");
  assert.equal(found("ts", "tests-tide-sensors"), "[t]ests-tide-[s]ensors");
  assert.equal(found("al", "Bea Ada Lindqvist"), "Bea [A]da [L]indqvist");
});

test("letters that stand together are found together", () => {
  assert.equal(found("sens", "s-e-n-sens"), "s-e-n-[s][e][n][s]");
  assert.equal(found("tide", "t-i-d-tide"), "t-i-d-[t][i][d][e]");
});

test("case, accents and spaces do not matter", () => {
  assert.equal(found("ZOE", "Zoë Ångström"), "[Z][o][ë] Ångström");
  assert.equal(found("ang", "Zoë Ångström"), "Zoë [Å][n][g]ström");
  assert.equal(found("tide sens", "tide-sensors"), "[t][i][d][e]-[s][e][n][s]ors");
  assert.equal(found("юри", "Юрий"), "[Ю][р][и]й");
});

test("a letter of two halves is one", () => {
  assert.equal(found("b", "😀 birds"), "😀 [b]irds");
  assert.deepEqual(placesOf("b", "😀b"), [1]);
});

test("what begins with it comes first, then words, then the rest, and the shorter before the longer", () => {
  assert.deepEqual(ranked("ti", "notices", "tide-sensors", "high-tide", "tides"), ["tides", "tide-sensors", "high-tide", "notices"]);
  assert.deepEqual(ranked("gen", "g-e-n", "general", "agenda"), ["general", "g-e-n", "agenda"]);
});

test("nothing is found everywhere", () => {
  assert.notEqual(scoreOf("", "general"), null);
  assert.deepEqual(placesOf("", "general"), []);
});
