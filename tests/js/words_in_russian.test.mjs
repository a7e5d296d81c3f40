import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// The page as the server makes it for a Russian reader, before any module looks.
const CATALOGUE = new URL("../../locale/ru/LC_MESSAGES/roost.json", import.meta.url);
globalThis.document = {
  documentElement: { lang: "ru" },
  getElementById: (id) => (id === "words" ? { textContent: readFileSync(CATALOGUE, "utf8") } : null),
};
const { n, t, writtenNumber } = await import("roost/core/words.js");
const { dayLabel } = await import("roost/core/times.js");
const { Refused } = await import("roost/core/failures.js");

test("a number has one of three forms", () => {
  const counts = [0, 1, 2, 5, 11, 21, 22, 1001];
  assert.deepEqual(counts.map((count) => n("{count} member", "{count} members", count)), [
    "0 участников", "1 участник", "2 участника", "5 участников", "11 участников", "21 участник", "22 участника",
    "1\u00a0001 участник",
  ]);
  assert.equal(n("{count} member", "{count} members", 1.5), "1,5 участников");
});

test("small numbers are written with the digits of all languages", () => {
  const asked = new Intl.NumberFormat("ru");
  for (let number = 0; number < 1_000; number += 1) assert.equal(writtenNumber(number), asked.format(number));
});

test("what no catalogue has is said in English", () => {
  assert.equal(t("Nobody has written this down"), "Nobody has written this down");
  assert.equal(n("{count} bird", "{count} birds", 2), "2 birds");
});

test("days are called as Russian calls them", () => {
  const now = new Date(2025, 10, 24, 12).getTime();
  assert.equal(dayLabel(new Date(2025, 10, 24, 0, 5), now), "Сегодня");
  assert.equal(dayLabel(new Date(2025, 10, 23, 23, 55), now), "Вчера");
  assert.equal(dayLabel(new Date(2025, 10, 14), now), "Пятница, 14 ноября");
  assert.match(dayLabel(new Date(2024, 10, 14), now), /^Четверг, 14 ноября 2024\sг\.$/);
});

test("the server's refusal is said with its numbers", () => {
  const sentence = "A message holds at most {limit} characters. Shorten it, or send it as two.";
  const refused = new Refused({ code: "text_too_long", message: "English.", sentence, values: { limit: 4000 } });
  assert.equal(refused.message, "В сообщении помещается не больше 4\u00a0000 знаков. Сократите его или отправьте двумя.");
  assert.equal(new Refused({ code: "forbidden", message: "You may not do this." }).message, "Этого вам нельзя.");
});
