import assert from "node:assert/strict";
import { test } from "node:test";

import { inFence, nameAtCaret } from "roost/core/caret.js";

/** The text with its caret at the |. */
function at(marked) {
  const caret = marked.indexOf("|");
  return nameAtCaret(marked.replace("|", ""), caret);
}

test("a sign and letters at the caret are a name that is being written", () => {
  assert.deepEqual(at("@|"), { sign: "@", prefix: "", from: 0, to: 1 });
  assert.deepEqual(at("Could you, @gr|"), { sign: "@", prefix: "gr", from: 11, to: 14 });
  assert.deepEqual(at("see (#tide-sen|"), { sign: "#", prefix: "tide-sen", from: 5, to: 14 });
  assert.deepEqual(at("one\n@ŁUK|asz"), { sign: "@", prefix: "ŁUK", from: 4, to: 11 });
  assert.deepEqual(at("@José|"), { sign: "@", prefix: "José", from: 0, to: 5 });
});

test("so is a colon before two letters of an emoji", () => {
  assert.deepEqual(at("nice :ta|"), { sign: ":", prefix: "ta", from: 5, to: 8 });
  assert.deepEqual(at("(:+1|"), { sign: ":", prefix: "+1", from: 1, to: 4 });
  assert.deepEqual(at(":ta|da: yes"), { sign: ":", prefix: "ta", from: 0, to: 6 });
  for (const marked of [":|", ":t|", "10:30|", "http://a:bc|", "std::vec|", ":TADA|", ":tada:|", ": ta|"]) assert.equal(at(marked), null, marked);
});

test("elsewhere there is none", () => {
  for (const marked of ["|@gr", "@gr |", "gr|", "|", "@gr. |", "@ gr|", "@jean-l|", `@${"a".repeat(51)}|`]) {
    assert.equal(at(marked), null, marked);
  }
});

test("an address is no name", () => {
  for (const marked of ["ada@exa|", "https://example.org/#gen|", "a.b@|", "x#y|", "https://example.org/@ada|", "@@ad|"]) {
    assert.equal(at(marked), null, marked);
  }
});

test("nothing is a name in code", () => {
  for (const marked of [
    "`@gr|", "a `x @gr|", "``a ` @gr|", "```\n@gr|", "```js\nconst a\n\n@gr|", "```\na\n```\n```\n@gr|", "`a` `@gr|", "`a\n@gr|",
  ]) {
    assert.equal(at(marked), null, marked);
  }
});

test("behind code it is one again", () => {
  for (const marked of ["`a` @gr|", "``a ` b`` @gr|", "```\n@a\n```\n@gr|", "a ` b\n\n@gr|", "`a``b` @gr|"]) {
    assert.equal(at(marked)?.prefix, "gr", marked);
  }
});

test("what follows the caret does not matter", () => {
  assert.equal(at("@gr|` and `b").prefix, "gr");
  assert.equal(at("`@gr|`"), null);
});

test("a long message of backticks is looked at in no time", () => {
  const begun = performance.now();
  for (const piece of ["`", "` ", "`` ` ", "```\n"]) nameAtCaret(`${piece.repeat(4_000 / piece.length)} @gr`, 4_004);
  assert.ok(performance.now() - begun < 2_000);
});

test("a block of code is open until it is closed", () => {
  for (const text of ["```", "```js\n", "a\n```\ncode", "```\na\n```\n\n```\nb", "   ```\n"]) assert.equal(inFence(text), true, text);
  for (const text of ["", "a", "```a```", "```a``` b\n", "```\na\n```", "a ```", "    ```\n"]) assert.equal(inFence(text), false, text);
});
