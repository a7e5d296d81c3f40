import assert from "node:assert/strict";
import { test } from "node:test";

import { RoomFiles } from "roost/core/room_files.js";

/** A message as the server tells it, with files of these names. */
function message(number, names = [], seq = number) {
  return { number, seq, ...(names.length > 0 && { files: names.map((name) => ({ id: name, name })) }) };
}

function names(files) {
  return files.listed.map(({ file }) => file.name);
}

test("the newest message comes first, its files in their order, whatever order the pages come in", () => {
  const files = new RoomFiles();
  files.take({ messages: [message(9, ["d"]), message(7, ["b", "c"])], before: 7 });
  files.take({ messages: [message(2, ["a"])], before: null });
  files.hear(message(10, ["e"]));
  assert.deepEqual(names(files), ["e", "d", "b", "c", "a"]);
});

test("what was removed is gone, and no older answer brings it back", () => {
  const files = new RoomFiles();
  files.take({ messages: [message(3, ["a"], 3)], before: null });
  files.hear(message(3, [], 8));
  assert.deepEqual(names(files), []);
  files.take({ messages: [message(3, ["a"], 3)], before: null });
  assert.deepEqual(names(files), []);
  files.hear(message(3, ["a"], 9));
  assert.deepEqual(names(files), ["a"]);
});

test("what is older than the last page waits for its own", () => {
  const files = new RoomFiles();
  files.take({ messages: [message(9, ["c"])], before: 900 });
  files.hear(message(2, ["a"], 20));
  assert.deepEqual(names(files), ["c"]);
  files.take({ messages: [message(5, ["b"]), message(2, ["a"])], before: null });
  assert.deepEqual(names(files), ["c", "b", "a"]);
});

test("what the page holds of the room is newer than the list, and what it holds without files is none of it", () => {
  const files = new RoomFiles();
  files.take({ messages: [message(2, ["a"], 2)], before: null });
  const held = new Map([[2, message(2, [], 5)], [3, message(3, ["b"], 3)], [4, message(4, [], 4)]]);
  files.compare({ number: 4, message: (number) => held.get(number) });
  assert.deepEqual(names(files), ["b"]);
});
