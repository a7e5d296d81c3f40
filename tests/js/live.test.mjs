import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Live } from "roost/core/live.js";
import { Socket } from "roost/core/socket.js";
import { Store } from "roost/core/store.js";
import { FakeNetwork, seeded, ServerRoom, settle, snapshot, started, storeWith } from "./world.mjs";

let network;
let room;
let store;
let live;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  network = new FakeNetwork();
  room = new ServerRoom();
  store = new Store();
  const socket = new Socket(network.open, () => 0);
  live = new Live(socket, store);
  store.apply(started([room.row]));
  live.show(7);
  socket.start();
});

const asked = (type) => network.line.sent.filter((command) => command.type === type);

function begin(read = 0) {
  network.line.say(started([room.rowFor(read)]));
}

/** Answers the newest room.open. */
async function answer() {
  const { ref, since } = asked("room.open").at(-1);
  network.line.say({ ...room.opened(since ?? null), ref });
  await settle();
}

test("the room that is shown is opened, and after a break from where it was left", async () => {
  begin();
  await answer();
  network.line.say(room.post());
  network.line.break();
  room.post();
  mock.timers.tick(0);
  begin();
  assert.deepEqual({ ...asked("room.open")[0], ref: 0 }, { type: "room.open", room: 7, epoch: "e1", since: 1, ref: 0 });
  await answer();
  assert.deepEqual(snapshot(store, 7), snapshot(storeWith(room), 7));
});

test("a hole is asked for once, however many events come behind it", async () => {
  begin();
  await answer();
  room.post();
  network.line.say(room.post());
  network.line.say(room.post());
  assert.equal(asked("room.open").length, 2);
  await answer();
  assert.equal(store.room(7).held, 3);
});

test("another room closes the one before", async () => {
  begin();
  await answer();
  const other = new ServerRoom(8);
  store.apply({ type: "room.joined", room: other.row });
  live.show(8);
  assert.equal(asked("room.close")[0].room, 7);
  assert.equal(asked("room.open").at(-1).room, 8);
});

test("what was read while nobody listened is told on return", async () => {
  room.post();
  begin();
  await answer();
  network.line.break();
  live.read(7, 1);
  mock.timers.tick(0);
  begin(0);
  assert.deepEqual(asked("room.read").map(({ number }) => number), [1]);
  assert.equal(store.room(7).read, 1);
});

test("what was marked unread while nobody listened is told on return", async () => {
  for (let count = 0; count < 3; count += 1) room.post();
  begin(3);
  await answer();
  network.line.break();
  live.unread(7, 2);
  assert.equal(store.room(7).unread, 2);
  mock.timers.tick(0);
  begin(3);
  assert.deepEqual(asked("room.unread").map(({ number }) => number), [2]);
  assert.deepEqual(asked("room.read"), []);
  network.line.say({ type: "room.unread", room: 7, number: 1 });
  network.line.break();
  mock.timers.tick(0);
  begin(1);
  assert.deepEqual([...asked("room.unread"), ...asked("room.read")], [], "and once only");
});

test("a time leads to the first message from then on, and beyond the last to that", async () => {
  for (let count = 0; count < 3; count += 1) room.post();
  begin();
  await answer();
  const find = async (at) => {
    const found = live.numberAt(7, at);
    const { ref } = asked("message.list").at(-1);
    network.line.say({ ...room.page(1, 3), ref });
    return found;
  };
  const { at } = room.messages[1];
  assert.deepEqual([await find(at - 1), await find(at), await find(at + 1), await find(at + 99_999)], [2, 2, 3, 3]);
  network.line.break();
  assert.equal(await live.numberAt(7, at), null);
});

test("a refused room is not asked for again and again", async () => {
  begin();
  const { ref } = asked("room.open")[0];
  network.line.say({ type: "error", ref, error: { code: "not_found", message: "Nothing." } });
  await settle();
  mock.timers.tick(10_000);
  await settle();
  assert.equal(asked("room.open").length, 1);
});

test("a room that is refused for now is opened a moment later, though nothing of it is missing", async () => {
  room.post();
  begin();
  await answer();
  network.line.break();
  mock.timers.tick(0);
  begin(1);
  const error = { code: "too_fast", message: "Wait.", temporary: true, retry_after: 0.1 };
  network.line.say({ type: "error", ref: asked("room.open")[0].ref, error });
  await settle();
  assert.equal(store.room(7).behind, false);
  mock.timers.tick(1_000);
  assert.equal(asked("room.open").length, 2);
  await answer();
  mock.timers.tick(10_000);
  assert.equal(asked("room.open").length, 2);
});

test("a head in the heartbeat of a room that is not open gets its number looked up", async () => {
  const other = new ServerRoom(8);
  store.apply({ type: "room.joined", room: other.row });
  begin();
  store.apply({ type: "room.joined", room: other.row });
  await answer();
  const { message } = other.post();
  network.line.say({ type: "heartbeat", heads: { 8: 1 } });
  const { ref } = asked("message.list")[0];
  network.line.say({ type: "page", ref, room: 8, messages: [message], people: [], first: true, last: true });
  await settle();
  assert.equal(store.room(8).unread, 1);
});

for (let seed = 1; seed <= 100; seed += 1) {
  test(`way ${seed} with lost events and lost connections ends like a fresh load`, async () => {
    const random = seeded(seed);
    begin();
    await answer();
    for (let step = 0; step < 40; step += 1) {
      const event = room.post();
      if (random() < 0.7) network.line.say(event);
      if (random() < 0.1) {
        network.line.break();
        mock.timers.tick(0);
        begin();
      }
      if (random() < 0.5 && asked("room.open").at(-1)?.answered === undefined) await answerOpen();
    }
    network.line.say({ type: "heartbeat", heads: { 7: room.seq } });
    while (store.room(7).behind) {
      await answerOpen();
      mock.timers.tick(1_000);
    }
    const fresh = storeWith(room);
    fresh.apply(room.page(1, room.number));
    assert.deepEqual(snapshot(store, 7), snapshot(fresh, 7));
  });
}

async function answerOpen() {
  const command = asked("room.open").find((each) => !each.answered);
  if (!command) return;
  command.answered = true;
  network.line.say({ ...room.opened(command.since ?? null), ref: command.ref });
  await settle();
}
