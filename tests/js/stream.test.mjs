import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Live } from "roost/core/live.js";
import { Socket } from "roost/core/socket.js";
import { Store } from "roost/core/store.js";
import { Stream } from "roost/core/stream.js";
import { ServerRoom, settle, started } from "./world.mjs";

/** The streams that were opened, newest last; a test plays the server on them. */
let sources;
/** The commands that came by POST, with the functions that answer them. */
let posts;
let store;
let live;
let socket;
let room;

class FakeEventSource extends EventTarget {
  static CLOSED = 2;
  readyState = 0;

  constructor(url) {
    super();
    this.url = url;
    sources.push(this);
  }

  close() {
    this.readyState = 2;
  }

  say(event) {
    if (this.readyState !== 2) this.onmessage({ data: JSON.stringify(event) });
  }

  hangUp(code) {
    const event = new Event("close");
    event.data = String(code);
    this.dispatchEvent(event);
  }

  /** Refused with a status, or broken on the way. */
  fail(refused) {
    this.readyState = refused ? 2 : 0;
    this.onerror();
  }
}

beforeEach(async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  sources = [];
  posts = [];
  globalThis.EventSource = FakeEventSource;
  globalThis.fetch = (url, options) =>
    new Promise((resolve, reject) => {
      const answer = (event, status = 200) =>
        resolve({ status, text: () => Promise.resolve(JSON.stringify(event)) });
      posts.push({ url, options, command: JSON.parse(options.body), answer, reject });
    });
  room = new ServerRoom();
  store = new Store();
  socket = new Socket(() => new Stream("the token"), () => 0);
  live = new Live(socket, store);
  store.apply(started([room.row]));
  live.show(7);
  socket.start();
});

const source = () => sources.at(-1);

async function begin() {
  source().say(started([room.row]));
  await settle();
}

/** Heard of the server, and the room opened on a second stream. */
async function open() {
  await begin();
  await begin();
  source().say({ ...room.opened(), ref: 0 });
  await settle();
}

test("the room that is shown is opened by the address of another stream", async () => {
  room.post();
  await open();
  assert.deepEqual(sources.map(({ url }) => url), ["/stream", "/stream?room=7"]);
  assert.equal(sources[0].readyState, 2);
  assert.equal(store.room(7).held, 1);
  assert.equal(socket.live, true);
});

test("a hole is filled from where it begins", async () => {
  await open();
  source().say(room.post());
  room.post();
  source().say(room.post());
  await settle();
  assert.equal(source().url, "/stream?room=7.1&epoch=e1");
  await begin();
  source().say({ ...room.opened(1), ref: 0 });
  await settle();
  assert.equal(store.room(7).held, 3);
});

test("another room is another stream, and nothing is posted for it", async () => {
  await open();
  const other = new ServerRoom(8);
  store.apply({ type: "room.joined", room: other.row });
  live.show(8);
  assert.equal(source().url, "/stream?room=8");
  await settle();
  assert.deepEqual(posts, []);
});

test("a command is posted with the page's token, and its answer finds the request", async () => {
  await open();
  const request = socket.request({ type: "message.send", room: 7, nonce: "n", text: "hello" });
  await settle();
  const [{ url, options, command, answer }] = posts;
  assert.deepEqual([url, options.method, options.headers["X-Xsrftoken"]], ["/command", "POST", "the token"]);
  answer({ type: "sent", ref: command.ref, room: 7, message: { number: 1 } });
  assert.equal((await request).message.number, 1);
});

test("a refused command rejects its request and leaves the line alone", async () => {
  await open();
  const request = socket.request({ type: "ping" });
  await settle();
  posts[0].answer({ type: "error", ref: posts[0].command.ref, error: { code: "too_fast", message: "Slow.", temporary: true } });
  await assert.rejects(request, { code: "too_fast" });
  assert.equal(socket.live, true);
});

test("commands wait for the answer of the one before, so none overtakes another", async () => {
  await open();
  const requests = [1, 2, 3].map((number) => socket.request({ type: "room.read", room: 7, number }));
  for (const [at, request] of requests.entries()) {
    await settle();
    assert.equal(posts.length, at + 1);
    assert.equal(posts[at].command.number, at + 1);
    posts[at].answer({ type: "done", ref: posts[at].command.ref });
    await request;
  }
});

test("a listener that breaks does not keep the next command from being sent", async (context) => {
  await open();
  const reported = [];
  const { queueMicrotask } = globalThis;
  context.after(() => (globalThis.queueMicrotask = queueMicrotask));
  globalThis.queueMicrotask = (work) => Promise.resolve().then(work).catch((problem) => reported.push(problem.message));
  const off = socket.on("event", () => {
    off();
    throw new Error("a broken listener");
  });
  for (const number of [1, 2]) socket.request({ type: "room.read", room: 7, number }).catch(() => {});
  await settle();
  posts[0].answer({ type: "done", ref: posts[0].command.ref });
  await settle();
  assert.deepEqual(reported, ["a broken listener"]);
  assert.deepEqual(posts.map(({ command }) => command.number), [1, 2]);
});

for (const [code, status] of [[3500, "ended"], [3502, "stopped"], [1012, "waiting"], [3001, "waiting"]]) {
  test(`a stream closed with ${code} is ${status}`, async () => {
    await open();
    source().hangUp(code);
    assert.equal(socket.status, status);
    assert.equal(source().readyState, 2);
  });
}

test("a stream that breaks comes back by itself", async () => {
  await open();
  source().fail(false);
  await settle();
  assert.equal(socket.status, "waiting");
  mock.timers.tick(0);
  await open();
  assert.equal(socket.live, true);
  assert.equal(source().url, "/stream?room=7.0&epoch=e1");
});

for (const [status, becomes] of [[401, "ended"], [403, "stopped"], [429, "waiting"], [502, "waiting"], [200, "waiting"]]) {
  test(`a refused stream is ${becomes} when a command is answered with ${status}`, async () => {
    source().fail(true);
    await settle();
    assert.equal(posts[0].command.type, "ping");
    posts[0].answer({ type: "done", ref: 0 }, status);
    await settle();
    assert.equal(socket.status, becomes);
  });
}

test("a command that the network swallows ends the line", async () => {
  await open();
  const request = socket.request({ type: "ping" });
  const rejected = assert.rejects(request, { message: "The connection was lost." });
  await settle();
  posts[0].reject(new TypeError("Failed to fetch"));
  await rejected;
  assert.equal(socket.status, "waiting");
});

test("what a closed line had under way is not heard any more", async () => {
  await open();
  const line = source();
  socket.request({ type: "ping" }).catch(() => {});
  await settle();
  line.hangUp(1012);
  posts[0].answer({ type: "done", ref: posts[0].command.ref });
  await settle();
  assert.equal(socket.status, "waiting");
});

test("a thread is opened beside the room, which goes on from where it was", async () => {
  await open();
  source().say(room.post());
  const thread = new ServerRoom(9);
  store.apply({ type: "room.joined", room: { ...thread.row, parent: 7, root: 1 } });
  live.show(9, "beside");
  await settle();
  assert.equal(source().url, "/stream?room=7.1&room=9&epoch=e1");
  source().say({ ...thread.opened(null), ref: 1 });
  source().say({ ...room.opened(1), ref: 0 });
  await settle();
  assert.equal(store.room(9).loaded, true);
  assert.equal(store.room(7).held, 1);
  live.show(null, "beside");
  live.show(9, "beside");
  await settle();
  assert.match(source().url, /room=7\.1&room=9\.\d+/);
});
