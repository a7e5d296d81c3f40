import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Topics } from "roost/core/topics.js";
import { reloadAfterUpgrade } from "roost/features/upgrade.js";

let topics;
let reloads;
let layer;
globalThis.location = { reload: () => (reloads += 1) };

/** A page of release "one" in room 7, and the server that it speaks with. */
function page({ draft = false, entries = [], uploads, release = "one" } = {}) {
  const socket = Object.assign(new Topics(), { live: true, release });
  const drafts = { has: () => draft };
  reloadAfterUpgrade({ boot: { release: "one" }, drafts, outbox: { entries }, place: { room: 7 }, socket, uploads });
  return { socket, begin: (next) => socket.say("status", Object.assign(socket, { release: next })) };
}

function look(away) {
  document.hidden = away;
  topics.say("visibilitychange");
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  reloads = 0;
  layer = null;
  topics = new Topics();
  globalThis.document = { hidden: false, addEventListener: (type, listener) => topics.on(type, listener), querySelector: () => layer };
});

test("a page is loaded anew half a minute to a minute after an upgrade that nobody watched", () => {
  const { begin } = page();
  look(true);
  begin("two");
  mock.timers.tick(29_999);
  assert.equal(reloads, 0);
  mock.timers.tick(30_001);
  assert.equal(reloads, 1);
});

test("a server that was of another release before this looked is one that was upgraded", () => {
  page({ release: "two" });
  look(true);
  mock.timers.tick(60_000);
  assert.equal(reloads, 1);
});

test("the same release is no reason", () => {
  const { begin } = page();
  look(true);
  begin("one");
  mock.timers.tick(120_000);
  assert.equal(reloads, 0);
});

test("nothing is loaded anew before somebody's eyes, and the time starts when they look away", () => {
  const { begin } = page();
  begin("two");
  mock.timers.tick(120_000);
  look(true);
  mock.timers.tick(20_000);
  look(false);
  mock.timers.tick(120_000);
  assert.equal(reloads, 0);
  look(true);
  mock.timers.tick(60_000);
  assert.equal(reloads, 1);
});

test("a draft, a message that is not sent, a file on its way, and a server that is away each keep the page", () => {
  const kept = [page({ draft: true }), page({ entries: [{}] }), page({ uploads: { busy: true } }), page()];
  kept[3].socket.live = false;
  look(true);
  for (const { begin } of kept) begin("two");
  mock.timers.tick(120_000);
  assert.equal(reloads, 0);
});

test("what lies over the page keeps it, and it goes when nothing does any more and all files are there", () => {
  const { begin } = page({ uploads: { busy: false } });
  layer = {};
  look(true);
  begin("two");
  mock.timers.tick(120_000);
  assert.equal(reloads, 0);
  layer = null;
  look(false);
  look(true);
  mock.timers.tick(60_000);
  assert.equal(reloads, 1);
});
