import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Idleness, QUIET } from "roost/core/idleness.js";

function sitDown(context) {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  context.after(() => mock.timers.reset());
  const told = [];
  return { idleness: new Idleness((idle) => told.push(idle)), told };
}

test("a page that nobody touches for five minutes is idle, and in use with the next touch", (context) => {
  const { idleness, told } = sitDown(context);
  mock.timers.tick(QUIET - 1);
  assert.deepEqual(told, []);
  mock.timers.tick(1);
  assert.deepEqual([told, idleness.idle], [[true], true]);
  idleness.touch();
  idleness.touch();
  assert.deepEqual([told, idleness.idle], [[true, false], false]);
  mock.timers.tick(QUIET);
  assert.deepEqual(told, [true, false, true]);
});

test("each touch begins the five minutes anew", (context) => {
  const { idleness, told } = sitDown(context);
  for (let minute = 0; minute < 20; minute += 1) {
    mock.timers.tick(60_000);
    idleness.touch();
  }
  mock.timers.tick(QUIET - 1);
  assert.deepEqual(told, []);
  mock.timers.tick(1);
  assert.deepEqual(told, [true]);
});

test("a hidden page is woken once", (context) => {
  const { idleness, told } = sitDown(context);
  mock.timers.tick(QUIET / 2);
  idleness.touch();
  idleness.hide();
  const alarm = context.mock.method(globalThis, "setTimeout");
  mock.timers.tick(10 * QUIET);
  assert.deepEqual([told, alarm.mock.callCount()], [[true], 0]);
  idleness.hide();
  assert.equal(alarm.mock.callCount(), 0, "what is idle stays so");
});
