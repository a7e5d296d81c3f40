import assert from "node:assert/strict";
import { test } from "node:test";

import { daysOf } from "roost/core/rows.js";
import { dayKey, dayLabel } from "roost/core/times.js";

const NOON = new Date(2025, 10, 14, 12).getTime();
const MINUTE = 60_000;

const message = (number, author, at) => ({ number, author, at, seq: number, nonce: `n${number}`, kind: "msg" });
const shape = (days) => days.map(({ items }) => items.map((item) => (item.kind === "line" ? "line" : `${item.kind[0]}${item.grouped ? "+" : ""}`)));

test("one author within five minutes stands together", () => {
  const messages = [message(1, 2, NOON), message(2, 2, NOON + 5 * MINUTE), message(3, 2, NOON + 11 * MINUTE), message(4, 1, NOON + 11 * MINUTE)];
  assert.deepEqual(shape(daysOf(messages, [], { me: 1, readUpTo: null })), [["m", "m+", "m", "m"]]);
});

test("a day begins at the reader's midnight and cuts a group", () => {
  const midnight = new Date(2025, 10, 15).getTime();
  const days = daysOf([message(1, 2, midnight - 1), message(2, 2, midnight)], [], { me: 1, readUpTo: null });
  assert.deepEqual(days.map(({ key }) => key), ["2025-11-14", "2025-11-15"]);
  assert.deepEqual(shape(days), [["m"], ["m"]]);
});

test("the line stands before the first new message of somebody else and cuts a group", () => {
  const messages = [message(1, 2, NOON), message(2, 2, NOON), message(3, 1, NOON), message(4, 2, NOON)];
  assert.deepEqual(shape(daysOf(messages, [], { me: 1, readUpTo: 1 })), [["m", "line", "m", "m", "m"]]);
  assert.deepEqual(shape(daysOf(messages, [], { me: 1, readUpTo: 2 })), [["m", "m+", "m", "line", "m"]]);
  assert.deepEqual(shape(daysOf(messages, [], { me: 1, readUpTo: 4 })), [["m", "m+", "m", "m"]]);
});

test("a line that was put there by hand stands above one's own message, too", () => {
  const messages = [message(1, 2, NOON), message(2, 1, NOON), message(3, 2, NOON)];
  assert.deepEqual(shape(daysOf(messages, [], { me: 1, readUpTo: 1 })), [["m", "m", "line", "m"]]);
  assert.deepEqual(shape(daysOf(messages, [], { me: 1, readUpTo: 1, byHand: true })), [["m", "line", "m", "m"]]);
});

test("no line is drawn where the first new message is not shown", () => {
  assert.deepEqual(shape(daysOf([message(9, 2, NOON)], [], { me: 1, readUpTo: 3 })), [["m"]]);
});

test("what waits stands last, whatever the reader's clock says", () => {
  const entry = { nonce: "x", room: 7, text: "hi", at: NOON - 86_400_000 };
  assert.deepEqual(shape(daysOf([message(1, 1, NOON)], [entry], { me: 1, readUpTo: null })), [["m", "p+"]]);
});

test("days have the names people use", () => {
  const now = new Date(2025, 10, 14, 12);
  assert.equal(dayLabel(now, now), "Today");
  assert.equal(dayLabel(new Date(2025, 10, 13, 23, 59), now), "Yesterday");
  assert.match(dayLabel(new Date(2025, 10, 7), now), /^Friday,? 7 November$/);
  assert.match(dayLabel(new Date(2024, 11, 25), now), /^Wednesday,? 25 December 2024$/);
  assert.equal(dayKey(new Date(2025, 0, 2)), "2025-01-02");
});
