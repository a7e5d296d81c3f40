import assert from "node:assert/strict";
import { test } from "node:test";

import { rewritten } from "roost/core/outbox.js";
import { COMMANDS, commandsMeant, handleFirst, minutesIn, read } from "roost/core/slash.js";
import { ADA, ServerRoom, storeWith } from "./world.mjs";

test("what begins with a slash is a command, an unknown one, or words", () => {
  assert.deepEqual(read("/me waves"), { kind: "command", name: "me", rest: "waves" });
  assert.deepEqual(read("/Topic  The tides\nof today "), { kind: "command", name: "topic", rest: "The tides\nof today" });
  assert.deepEqual(read("/help"), { kind: "command", name: "help", rest: "" });
  assert.deepEqual(read("/dance now"), { kind: "unknown", name: "dance" });
  for (const text of ["/usr/bin is full", "/ alone", "/", "/1 of 2", "// comment", "///", "/etc.", "plain"]) {
    assert.deepEqual(read(text), { kind: "text", text });
  }
});

test("two slashes are one that was meant so", () => {
  assert.deepEqual(read("//topic is a command"), { kind: "text", text: "/topic is a command" });
});

test("what comes back from the outbox means the same when it is sent again", () => {
  assert.equal(rewritten({ kind: "me", text: "waves" }), "/me waves");
  assert.equal(rewritten({ kind: "msg", text: "hello" }), "hello");
  for (const text of ["/topic", "/usr/bin"]) assert.equal(read(rewritten({ text })).text, text);
});

test("only the commands that are for this person there are listed", () => {
  const server = new ServerRoom();
  const store = storeWith(server);
  const names = (prefix) => commandsMeant(prefix, store, store.room(server.id)).map(({ name }) => name);
  assert.deepEqual(names("m"), ["me", "msg", "mute"]);
  assert.deepEqual(names("topic"), []);
  store.person = { ...ADA, role: "moderator" };
  assert.deepEqual(names("topic"), ["topic"]);
  store.room(server.id).kind = "direct";
  assert.deepEqual(names(""), ["me", "shrug", "join", "msg", "mute", "unmute", "help"]);
});

test("each name is one that can be written", () => {
  for (const { name } of COMMANDS) assert.equal(read(`/${name}`).name, name);
});

test("a name comes first, and a span of time may follow", () => {
  assert.deepEqual(handleFirst("@Bo_1 10m"), { handle: "bo_1", rest: "10m" });
  assert.deepEqual(handleFirst("bo"), { handle: "bo", rest: "" });
  assert.equal(handleFirst(""), null);
  assert.equal(handleFirst("@"), null);
  assert.deepEqual(["10m", "2h", "1D", "45", "7 d"].map(minutesIn), [10, 120, 1_440, 45, 10_080]);
  assert.deepEqual(["", "soon", "-1m", "1w"].map(minutesIn), [null, null, null, null]);
});
