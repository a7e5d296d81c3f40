import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";
import { Uploads } from "roost/core/uploads.js";
import { settle } from "./world.mjs";

const TOO_LARGE = new Refused({ code: "file_too_large", message: "Send a smaller one." });
const AWAY = new Refused({ code: "files_away", message: "Later.", temporary: true });

let connected;
let sending;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  connected = true;
  sending = [];
});

/** Uploads whose sends stand in `sending` until the test ends them. */
function makeUploads() {
  const send = (upload, { progress, signal }) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Disconnected()));
      sending.push({ nonce: upload.nonce, progress, arrive: () => resolve({ id: `id-${upload.nonce}` }), fail: reject });
    });
  return new Uploads({ send, connected: () => connected });
}

function add(uploads, ...nonces) {
  for (const nonce of nonces) uploads.add({ nonce, room: 1, blob: { size: 10 }, name: `${nonce}.txt` });
}

const stateOf = (uploads, ...nonces) => nonces.map((nonce) => uploads.get(nonce).state);

test("three run at once, and the next begins where one has ended", async () => {
  const uploads = makeUploads();
  add(uploads, "a", "b", "c", "d");
  assert.deepEqual(stateOf(uploads, "a", "b", "c", "d"), ["running", "running", "running", "waiting"]);
  sending[1].arrive();
  await settle();
  assert.deepEqual(stateOf(uploads, "b", "d"), ["done", "running"]);
  assert.equal(uploads.get("b").id, "id-b");
});

test("what has left is told as it goes", async () => {
  const uploads = makeUploads();
  const heard = [];
  uploads.on("progress", ({ sent }) => heard.push(sent));
  add(uploads, "a");
  sending[0].progress(4);
  sending[0].progress(8);
  assert.deepEqual(heard, [4, 8]);
});

test("a line that broke is tried again under the same nonce, and not for ever", async () => {
  const uploads = makeUploads();
  add(uploads, "a");
  for (let tries = 1; tries <= 5; tries += 1) {
    assert.equal(sending.length, tries);
    sending.at(-1).fail(new Disconnected());
    await settle();
    mock.timers.tick(1000 * tries);
    await settle();
  }
  assert.deepEqual(stateOf(uploads, "a"), ["failed"]);
  assert.deepEqual(new Set(sending.map(({ nonce }) => nonce)), new Set(["a"]));
  uploads.retry("a");
  sending.at(-1).arrive();
  await settle();
  assert.deepEqual(stateOf(uploads, "a"), ["done"]);
});

test("without a connection it waits, however long, and goes on with the next one", async () => {
  const uploads = makeUploads();
  add(uploads, "a");
  connected = false;
  sending[0].fail(new Disconnected());
  await settle();
  assert.deepEqual(stateOf(uploads, "a"), ["waiting"]);
  add(uploads, "b");
  assert.equal(sending.length, 1);
  connected = true;
  uploads.resume();
  assert.deepEqual(stateOf(uploads, "a", "b"), ["running", "running"]);
});

test("a refusal says why, and whether another try may help", async () => {
  const uploads = makeUploads();
  add(uploads, "a", "b", "c");
  sending[0].fail(TOO_LARGE);
  sending[1].fail(AWAY);
  sending[2].fail(new NoAnswer());
  await settle();
  assert.deepEqual(stateOf(uploads, "a", "b", "c"), ["failed", "failed", "failed"]);
  assert.equal(uploads.get("a").reason, "Send a smaller one.");
  assert.deepEqual(["a", "b", "c"].map((nonce) => uploads.get(nonce).lasting), [true, false, false]);
});

test("what was given up ends at once, and comes again when it is wanted after all", async () => {
  const uploads = makeUploads();
  add(uploads, "a");
  uploads.stop("a");
  await settle();
  assert.deepEqual(stateOf(uploads, "a"), ["stopped"]);
  uploads.retry("a");
  assert.deepEqual(stateOf(uploads, "a"), ["running"]);
  assert.equal(sending.length, 2);
});

test("what is refused is not sent, and says why", async () => {
  const uploads = makeUploads();
  uploads.refuse({ nonce: "a", room: 1, blob: { size: 10 }, name: "a.txt" }, "Send a smaller one.");
  uploads.resume();
  await settle();
  assert.equal(sending.length, 0);
  const { state, reason, lasting } = uploads.get("a");
  assert.deepEqual([state, reason, lasting], ["failed", "Send a smaller one.", true]);
});

test("there is something to lose while a file is on its way, or may be tried again", async () => {
  const uploads = makeUploads();
  assert.equal(uploads.busy, false);
  add(uploads, "a", "b", "c", "d");
  assert.equal(uploads.busy, true);
  for (const nonce of ["a", "b", "c"]) uploads.stop(nonce);
  await settle();
  assert.deepEqual([stateOf(uploads, "a", "d"), uploads.busy], [["stopped", "running"], true]);
  sending.at(-1).fail(AWAY);
  await settle();
  assert.deepEqual([stateOf(uploads, "d"), uploads.busy], [["failed"], true]);
  uploads.retry("d");
  sending.at(-1).arrive();
  await settle();
  assert.equal(uploads.busy, false);
  uploads.refuse({ nonce: "e", room: 1, blob: { size: 10 }, name: "e.txt" }, "Send a smaller one.");
  assert.equal(uploads.busy, false);
});
