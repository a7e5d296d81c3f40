import assert from "node:assert/strict";
import { test } from "node:test";

import { n, t, weave, writtenNumber } from "roost/core/words.js";

test("without a catalogue a text is its own English", () => {
  assert.equal(t("Jump to latest"), "Jump to latest");
  assert.equal(t("Message #{room}", { room: "tides" }), "Message #tides");
  assert.deepEqual([0, 1, 2, 21, 1001].map((count) => n("{count} member", "{count} members", count)), [
    "0 members", "1 member", "2 members", "21 members", "1,001 members",
  ]);
});

test("numbers are written, names are left as they are, and a place without a value stays", () => {
  assert.equal(t("{count} of {name}: {rest}", { count: 12345, name: "{count} 1000" }), "12,345 of {count} 1000: {rest}");
  assert.equal(writtenNumber(1234567), "1,234,567");
});

test("small numbers, for which the language is not asked, are written as it writes them", () => {
  const asked = new Intl.NumberFormat("en-GB");
  for (const number of [0, 7, 21, 100, 999, 1_000, -3, 0.5]) assert.equal(writtenNumber(number), asked.format(number));
});

test("elements are woven into a sentence where the language wants them", () => {
  const [ada, grace] = [{ is: "Ada" }, { is: "Grace" }];
  assert.deepEqual(weave("{one} and {other} are typing", { one: ada, other: grace }), [
    "", ada, " and ", grace, " are typing",
  ]);
  assert.deepEqual(weave("Пишут {other} и {one}", { one: ada, other: grace }), ["Пишут ", grace, " и ", ada, ""]);
});
