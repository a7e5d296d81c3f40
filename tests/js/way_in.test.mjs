import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { WayIn } from "roost/core/way_in.js";
import { settle } from "./world.mjs";

let way;
let reachable;

class FakeWebSocket extends EventTarget {
  name = "websocket";

  speak() {
    this.dispatchEvent(new Event("message"));
  }

  close(code) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

class FakeStream {
  name = "stream";
  lived = false;
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  reachable = true;
  way = new WayIn({
    webSocket: () => new FakeWebSocket(),
    stream: () => new FakeStream(),
    answers: () => Promise.resolve(reachable),
  });
});

/** Opens a WebSocket that never says a word. */
async function fail(code = 1006) {
  const line = way.open();
  assert.equal(line.name, "websocket");
  line.close(code);
  await settle();
}

test("two failed upgrades in a row lead to a stream", async () => {
  await fail();
  await fail();
  assert.equal(way.open().name, "stream");
});

test("a WebSocket that lived once is no failed upgrade, and makes those before it forgotten", async () => {
  await fail();
  const line = way.open();
  line.speak();
  line.close(1006);
  await settle();
  await fail();
  await fail();
  assert.equal(way.open().name, "stream");
});

test("without a network nothing is concluded", async () => {
  reachable = false;
  for (let time = 0; time < 5; time += 1) await fail();
  reachable = true;
  await fail();
  assert.equal(way.open().name, "websocket");
});

test("a server that closes with a reason has let the upgrade through", async () => {
  for (let time = 0; time < 3; time += 1) await fail(3502);
  assert.equal(way.open().name, "websocket");
});

test("a stream that lived is taken again", async () => {
  await fail();
  await fail();
  way.open().lived = true;
  assert.equal(way.open().name, "stream");
});

test("a stream that never said a word is given up", async () => {
  await fail();
  await fail();
  way.open();
  await fail();
  await fail();
  assert.equal(way.open().name, "stream");
});

test("after ten minutes a WebSocket is tried once more", async () => {
  await fail();
  await fail();
  way.open().lived = true;
  mock.timers.tick(600_000);
  await fail();
  assert.equal(way.open().name, "stream");
});
