import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";
import { commandOf, Outbox } from "roost/core/outbox.js";
import { FakeStorage, settle, shelfOn } from "./world.mjs";

const TOO_FAST = new Refused({ code: "too_fast", message: "Slow.", temporary: true, retry_after: 3 });
const TOO_LONG = new Refused({ code: "text_too_long", message: "Shorten it." });

let storage;
let tries;
let answers;
let connected;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  storage = new FakeStorage();
  tries = [];
  answers = [];
  connected = true;
});

/** An outbox whose sends meet the next of `answers`: an error to throw, or nothing for success. */
function makeOutbox(lock = (work) => work()) {
  const send = async (entry) => {
    tries.push(entry);
    const answer = answers.shift();
    if (answer) throw answer;
  };
  return new Outbox({ shelf: shelfOn(storage), send, lock, connected: () => connected });
}

const texts = () => tries.map(({ text }) => text);
const nonces = () => new Set(tries.map(({ nonce }) => nonce));

test("messages leave in the order they were written, one at a time", async () => {
  const outbox = makeOutbox();
  for (const text of ["one", "two", "three"]) outbox.add(7, text);
  await settle();
  assert.deepEqual(texts(), ["one", "two", "three"]);
  assert.deepEqual(outbox.entries, []);
  assert.match(tries[0].nonce, /^[A-Za-z0-9_-]{16,64}$/);
});

test("without a connection they wait, and survive a reload with their nonces", async () => {
  answers = [new Disconnected()];
  const before = makeOutbox();
  before.add(7, "one");
  before.add(7, "two");
  await settle();
  assert.deepEqual(texts(), ["one"]);
  const after = makeOutbox();
  assert.deepEqual(after.entries.map(({ text }) => text), ["one", "two"]);
  await after.drain();
  assert.deepEqual(texts(), ["one", "one", "two"]);
  assert.equal(nonces().size, 2);
});

test("a temporary refusal is tried again after its time, before what was written later", async () => {
  answers = [TOO_FAST];
  const outbox = makeOutbox();
  outbox.add(7, "one");
  outbox.add(7, "two");
  await settle();
  mock.timers.tick(2_999);
  await settle();
  assert.deepEqual(texts(), ["one"]);
  mock.timers.tick(1);
  await settle();
  assert.deepEqual(texts(), ["one", "one", "two"]);
  assert.equal(nonces().size, 2);
});

test("the long wait of a slow room holds up that room alone, and what waits may be taken back", async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  answers = [new Refused({ code: "too_fast", message: "Slow.", temporary: true, retry_after: 30 })];
  const outbox = makeOutbox();
  const { nonce } = outbox.add(7, "one");
  outbox.add(7, "two");
  outbox.add(8, "elsewhere");
  await settle();
  assert.deepEqual(texts(), ["one", "elsewhere"]);
  assert.deepEqual([outbox.entries[0].begun, outbox.entries[0].until], [false, 30_000]);
  outbox.takeBack(nonce);
  outbox.drain();
  await settle();
  assert.deepEqual(texts(), ["one", "elsewhere", "two"]);
});

test("what waits in a slow room goes out when its time has come", async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  answers = [new Refused({ code: "too_fast", message: "Slow.", temporary: true, retry_after: 30 })];
  const outbox = makeOutbox();
  outbox.add(7, "one");
  await settle();
  mock.timers.tick(29_999);
  await settle();
  assert.deepEqual(texts(), ["one"]);
  mock.timers.tick(1);
  await settle();
  assert.deepEqual([texts(), outbox.entries], [["one", "one"], []]);
  assert.equal(nonces().size, 1);
});

test("a refusal fails at once, keeps the text and its reason, and holds up nobody", async () => {
  answers = [TOO_LONG];
  const outbox = makeOutbox();
  outbox.add(7, "long");
  outbox.add(7, "short");
  await settle();
  assert.deepEqual(texts(), ["long", "short"]);
  assert.deepEqual(outbox.entries.map(({ text, failed }) => [text, failed]), [["long", { reason: "Shorten it.", refused: true }]]);
});

test("three tries without an answer fail, and trying again keeps the nonce", async () => {
  answers = [new NoAnswer(), new NoAnswer(), new NoAnswer()];
  const outbox = makeOutbox();
  outbox.add(7, "one");
  for (const wait of [0, 1_000, 2_000]) {
    mock.timers.tick(wait);
    await settle();
  }
  assert.equal(tries.length, 3);
  assert.equal(outbox.entries[0].failed.refused, false);
  outbox.retry(outbox.entries[0].nonce);
  await settle();
  assert.equal(tries.length, 4);
  assert.equal(nonces().size, 1);
  assert.deepEqual(outbox.entries, []);
});

test("trying a refused one again is a new message", async () => {
  answers = [TOO_LONG];
  const outbox = makeOutbox();
  outbox.add(7, "one");
  await settle();
  outbox.retry(outbox.entries[0].nonce);
  await settle();
  assert.equal(nonces().size, 2);
  assert.deepEqual(outbox.entries, []);
});

test("one discarded while it is under way does not come back", async () => {
  answers = [TOO_LONG];
  const outbox = makeOutbox();
  const { nonce } = outbox.add(7, "one");
  outbox.discard(nonce);
  await settle();
  assert.deepEqual(outbox.entries, []);
});

test("one that waits for a connection may be taken back, and put back in its place", async () => {
  const outbox = makeOutbox();
  connected = false;
  const { nonce } = outbox.add(7, "one");
  outbox.add(7, "two");
  await settle();
  assert.equal(outbox.takeBack("another"), null);
  const entry = outbox.takeBack(nonce);
  assert.equal(entry.text, "one");
  assert.deepEqual(outbox.entries.map(({ text }) => text), ["two"]);
  outbox.putBack([entry]);
  connected = true;
  await outbox.drain();
  assert.deepEqual(texts(), ["one", "two"]);
});

test("one that may be stored already is not taken back, after a reload either, unless it failed", async () => {
  answers = [new Disconnected()];
  const { nonce } = makeOutbox().add(7, "one");
  await settle();
  assert.equal(makeOutbox().takeBack(nonce), null);
  answers = [TOO_LONG];
  const after = makeOutbox();
  await after.drain();
  assert.equal(after.takeBack(nonce).text, "one");
});

test("what a message answers goes with it, whatever becomes of it", async () => {
  answers = [new Disconnected()];
  const before = makeOutbox();
  before.add(7, "one", { replyTo: 3 });
  before.add(7, "two");
  await settle();
  const after = makeOutbox();
  answers = [TOO_LONG];
  await after.drain();
  assert.deepEqual(tries.map(({ replyTo }) => replyTo), [3, 3, null]);
  after.retry(after.entries[0].nonce);
  await settle();
  assert.equal(tries.at(-1).replyTo, 3);
});

test("a room has messages on their way while they are here", async () => {
  connected = false;
  const outbox = makeOutbox();
  outbox.add(7, "one");
  assert.deepEqual([outbox.has(7), outbox.has(8)], [true, false]);
  connected = true;
  await outbox.drain();
  assert.equal(outbox.has(7), false);
});

test("two tabs with one lock send each entry once", async () => {
  let tail = Promise.resolve();
  const lock = (work) => (tail = tail.then(work));
  const [here, there] = [makeOutbox(lock), makeOutbox(lock)];
  here.add(7, "one");
  there.add(7, "two");
  await settle();
  await Promise.all([here.drain(), there.drain()]);
  assert.deepEqual(texts(), ["one", "two"]);
});

test("a full storage loses nothing while the page lives", async () => {
  storage.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  answers = [new Disconnected()];
  const outbox = makeOutbox();
  outbox.add(7, "one");
  await settle();
  await outbox.drain();
  assert.deepEqual(texts(), ["one", "one"]);
});

test("a message waits for its files, and those behind it do not", async () => {
  const outbox = makeOutbox();
  const { nonce } = outbox.add(1, "with", { files: [{ nonce: "f1", name: "a", alt: "" }, { nonce: "f2", name: "b", alt: "B" }] });
  outbox.add(1, "without");
  await settle();
  assert.deepEqual(tries.map(({ text }) => text), ["without"]);
  outbox.fileCame(nonce, "f2", "two");
  await settle();
  assert.equal(tries.length, 1);
  outbox.fileCame(nonce, "f1", "one");
  await settle();
  assert.deepEqual(commandOf(tries[1]), {
    type: "message.send", room: 1, nonce, text: "with", files: ["one", "two"], alts: ["", "B"],
  });
});

test("a message whose file cannot come says why, keeps its nonce and can be taken back", async () => {
  const outbox = makeOutbox();
  const { nonce } = outbox.add(1, "with", { files: [{ nonce: "f1", name: "a", alt: "" }] });
  outbox.fileFailed(nonce, "Too large.");
  assert.equal(outbox.entries[0].failed.reason, "Too large.");
  outbox.retry(nonce);
  assert.equal(outbox.entries[0].nonce, nonce);
  assert.equal(outbox.takeBack(nonce).files.length, 1);
  assert.equal(tries.length, 0);
});
