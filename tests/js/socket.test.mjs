import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { reconnectDelay } from "roost/core/delays.js";
import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";
import { Socket } from "roost/core/socket.js";
import { FakeNetwork, settle } from "./world.mjs";

let network;
let socket;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  network = new FakeNetwork();
  socket = new Socket(network.open, () => 0.5);
  socket.start();
});

test("it is live with session.started, and the store hears that first", () => {
  const heard = [];
  socket.on("event", (event) => heard.push(event.type));
  socket.on("status", () => heard.push(socket.status));
  network.line.begin();
  assert.deepEqual(heard, ["session.started", "live"]);
});

test("an answer finds its request by ref, an error rejects it", async () => {
  network.line.begin();
  const first = socket.request({ type: "ping" });
  const second = socket.request({ type: "ping" });
  const [{ ref: one }, { ref: two }] = network.line.sent;
  network.line.say({ type: "error", ref: two, error: { code: "too_fast", message: "Slow.", temporary: true, retry_after: 2 } });
  network.line.say({ type: "done", ref: one });
  assert.equal((await first).type, "done");
  await assert.rejects(second, (problem) => problem instanceof Refused && problem.temporary && problem.retryAfter === 2);
});

test("an answer in parts is there with the last one", async () => {
  network.line.begin();
  const parts = [];
  socket.on("event", (event) => parts.push(event.part));
  const request = socket.request({ type: "room.open", room: 7 });
  const [{ ref }] = network.line.sent;
  network.line.say({ type: "opened", ref, more: true, part: 1 });
  network.line.say({ type: "opened", ref, part: 2 });
  assert.equal((await request).part, 2);
  assert.deepEqual(parts, [1, 2]);
});

test("nothing is sent without a connection", async () => {
  await assert.rejects(socket.request({ type: "ping" }), Disconnected);
});

test("a lost connection fails what was under way and comes back by itself", async () => {
  network.line.begin();
  const request = socket.request({ type: "ping" });
  network.line.break();
  await assert.rejects(request, Disconnected);
  assert.equal(socket.status, "waiting");
  mock.timers.tick(1_499);
  assert.equal(network.lines.length, 1);
  mock.timers.tick(1);
  assert.equal(network.lines.length, 2);
});

test("the wait is random: up to 3 s at first, then up to 2, 4, 8 … 30 s", () => {
  const longest = [0, 1, 2, 3, 4, 5, 9].map((failures) => reconnectDelay(failures, () => 1));
  assert.deepEqual(longest, [3_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  assert.equal(reconnectDelay(4, () => 0), 0);
});

test("after 45 s of silence the line counts as dead", () => {
  network.line.begin();
  mock.timers.tick(44_000);
  network.line.say({ type: "heartbeat" });
  mock.timers.tick(44_999);
  assert.equal(socket.live, true);
  mock.timers.tick(1);
  assert.equal(socket.status, "waiting");
  assert.equal(network.line.closed, true);
});

test("a server that announces its restart is given its time, whatever the browser hopes", () => {
  network.line.begin();
  network.line.say({ type: "server.restarting", after: 8 });
  network.line.break(1012);
  assert.equal(socket.announced, true);
  socket.hurry();
  mock.timers.tick(7_999);
  assert.equal(network.lines.length, 1);
  mock.timers.tick(1);
  assert.equal(network.lines.length, 2);
  network.line.begin();
  assert.equal(socket.announced, false);
});

test("hope shortens an ordinary wait", () => {
  network.line.break();
  socket.hurry();
  assert.equal(network.lines.length, 2);
});

test("a live line is asked whether it lives, and given up when it is silent", async () => {
  network.line.begin();
  socket.hurry();
  assert.equal(network.line.sent[0].type, "ping");
  mock.timers.tick(5_000);
  await settle();
  assert.equal(socket.status, "waiting");
});

test("a request without an answer fails after 15 s and leaves the line alone", async () => {
  network.line.begin();
  const request = socket.request({ type: "ping" });
  mock.timers.tick(15_000);
  await assert.rejects(request, NoAnswer);
  assert.equal(socket.live, true);
});

for (const [code, status] of [[3500, "ended"], [3501, "ended"], [3503, "ended"], [3502, "stopped"], [1008, "stopped"], [3001, "waiting"], [1012, "waiting"]]) {
  test(`closed with ${code} it is ${status}`, () => {
    network.line.begin();
    network.line.break(code);
    assert.equal(socket.status, status);
  });
}

test("after session.ended it never comes back", () => {
  network.line.begin();
  network.line.say({ type: "session.ended" });
  mock.timers.tick(120_000);
  socket.hurry();
  assert.equal(network.lines.length, 1);
  assert.equal(socket.status, "ended");
});
