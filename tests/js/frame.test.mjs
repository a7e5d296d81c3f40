import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { onNextFrame } from "roost/core/frame.js";

const FRAME = 16;
let now;

beforeEach(() => {
  now = 0;
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
  globalThis.document = { hidden: false };
  globalThis.requestAnimationFrame = (work) => setTimeout(work, FRAME);
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function pass(milliseconds) {
  for (let each = 0; each < milliseconds; each += 1) {
    now += 1;
    mock.timers.tick(1);
  }
}

test("what is asked for often is done once before the next paint", () => {
  let runs = 0;
  const ask = onNextFrame(() => (runs += 1));
  for (let each = 0; each < 50; each += 1) ask();
  pass(FRAME);
  assert.equal(runs, 1);
  ask();
  pass(FRAME);
  assert.equal(runs, 2);
});

test("what comes without end is done no more often than it may, and the last of it is", () => {
  const runs = [];
  const ask = onNextFrame(() => runs.push(now), 100);
  for (let each = 0; each < 50; each += 1) {
    ask();
    pass(20);
  }
  pass(200);
  assert.equal(runs[0], FRAME, "the first waits for nothing");
  assert.ok(runs.every((at, index) => index === 0 || at - runs[index - 1] >= 100));
  assert.ok(runs.length >= 8);
  assert.ok(runs.at(-1) >= 980);
});

test("a hidden page does it all the same", () => {
  let runs = 0;
  document.hidden = true;
  onNextFrame(() => (runs += 1))();
  pass(100);
  assert.equal(runs, 1);
});
