import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Drafts } from "roost/core/drafts.js";
import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";
import { FakeStorage, seeded, settle, shelfOn } from "./world.mjs";

const SECOND = 1_000;
const TOO_FAST = new Refused({ code: "too_fast", message: "Slow.", temporary: true, retry_after: 3 });
const TOO_LONG = new Refused({ code: "draft_too_long", message: "It stays here." });

let storage;
let server;
let desk;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_700_000_000_000 });
  storage = new FakeStorage();
  server = new Server();
  desk = server.device(storage);
});

/** Keeps the newest text of each room, as app/storage/drafts.py, and tells every device that is there. */
class Server {
  epoch = "e1";
  drafts = new Map();
  devices = [];
  saves = [];
  /** What the next saves meet: an error to throw, or nothing for success. */
  answers = [];

  device(storage = new FakeStorage()) {
    const device = new Device(this, storage);
    this.devices.push(device);
    return device;
  }

  text(room = 7) {
    return this.drafts.get(room)?.text ?? "";
  }

  async save({ room, text, age, known }) {
    this.saves.push(text);
    const problem = this.answers.shift();
    if (problem) throw problem;
    const kept = this.drafts.get(room);
    const draft = { room, text, at: Date.now() - age };
    if (kept && (draft.at < kept.at || text === kept.text)) return { draft: kept };
    if (!kept && text === "") return { draft };
    this.drafts.set(room, draft);
    for (const device of this.devices) if (device.online) device.drafts.hear(draft);
    return { draft, replaced: kept?.text && kept.at !== known ? kept : undefined };
  }

  get firstWords() {
    return { epoch: this.epoch, drafts: [...this.drafts.values()].filter(({ text }) => text) };
  }
}

class Device {
  online = true;
  outbox = new Set();
  /** Of the threads that somebody has told of. */
  homes = new Map();

  constructor(server, storage) {
    this.server = server;
    this.storage = storage;
    this.open();
  }

  /** Opens the page, again. */
  open() {
    this.drafts = new Drafts({
      shelf: shelfOn(this.storage),
      save: (draft) => (this.online ? this.server.save(draft) : Promise.reject(new Disconnected())),
      waits: (room) => this.outbox.has(room),
      homeOf: (room) => this.homes.get(room),
    });
    this.drafts.meet(this.server.firstWords);
  }

  leave() {
    this.online = false;
  }

  comeBack() {
    this.online = true;
    this.drafts.meet(this.server.firstWords);
    this.drafts.resume();
  }

  type(text, room = 7) {
    this.drafts.write(room, text);
  }

  get text() {
    return this.drafts.read(7);
  }

  get other() {
    return this.drafts.other(7);
  }
}

async function pass(milliseconds) {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    mock.timers.tick(100);
    await settle();
  }
}

const afterReload = (room) => new Drafts({ shelf: shelfOn(storage) }).read(room);

// On this device

test("a draft is kept 300 ms after the first change, while typing goes on", () => {
  desk.type("h");
  mock.timers.tick(200);
  desk.type("he");
  mock.timers.tick(100);
  assert.equal(afterReload(7), "he");
});

test("what a draft is to answer is kept with it, and goes with it", async () => {
  desk.drafts.answer(7, 3);
  desk.drafts.answer(8, 4);
  desk.type("yes");
  await pass(SECOND);
  desk.open();
  assert.deepEqual([desk.drafts.replyTo(7), desk.drafts.replyTo(8), desk.drafts.replyTo(9)], [3, 4, null]);
  assert.deepEqual([desk.drafts.has(7), desk.drafts.has(8)], [true, false]);
  desk.comeBack();
  assert.equal(desk.drafts.replyTo(8), 4);
  desk.drafts.drop(7);
  desk.drafts.answer(8, null);
  assert.deepEqual([desk.drafts.replyTo(7), desk.drafts.replyTo(8)], [null, null]);
});

test("a thread's draft keeps its room, also on a page that nobody has told of the thread", async () => {
  desk.homes.set(8, 7);
  desk.type("in the thread", 8);
  desk.type("in the room");
  desk.drafts.flush();
  desk.homes.clear();
  desk.open();
  desk.type("in the thread, still", 8);
  assert.deepEqual([desk.drafts.home(8), desk.drafts.home(7), desk.drafts.home(9)], [7, undefined, undefined]);
});

test("each room has its own", () => {
  desk.type("here");
  desk.type("there", 8);
  assert.deepEqual([7, 8, 9].map((room) => desk.drafts.read(room)), ["here", "there", ""]);
});

test("a page that goes keeps and saves at once", () => {
  desk.type("last words");
  desk.drafts.flush();
  assert.equal(afterReload(7), "last words");
  assert.deepEqual(server.saves, ["last words"]);
});

test("an emptied draft is gone, and both changes are told", () => {
  const told = [];
  desk.drafts.on("changed", (room) => told.push([room, desk.drafts.has(room)]));
  for (const text of ["a", "ab", ""]) desk.type(text);
  desk.drafts.flush();
  assert.deepEqual(told, [[7, true], [7, false]]);
  assert.equal(afterReload(7), "");
});

test("what a page of an earlier version kept is a draft still", async () => {
  shelfOn(storage).set("7", "bare text");
  desk.open();
  assert.equal(desk.text, "bare text");
  desk.drafts.resume();
  await settle();
  assert.equal(server.text(), "bare text");
});

// On the server

test("it is saved when the writing pauses for a second, and every five while it does not", async () => {
  for (let typed = 1; typed <= 9; typed += 1) {
    desk.type("x".repeat(typed));
    await pass(900);
  }
  assert.equal(server.saves.length, 1);
  await pass(SECOND);
  assert.deepEqual(server.saves.at(-1), "x".repeat(9));
  assert.equal(server.saves.length, 2);
  await pass(60 * SECOND);
  assert.equal(server.saves.length, 2);
});

test("a message that is sent before the writing pauses costs the server nothing more", async () => {
  desk.type("hello");
  await pass(900);
  desk.type("");
  await pass(60 * SECOND);
  assert.deepEqual(server.saves, []);
});

test("a sent message clears its draft everywhere, but only once it was taken", async () => {
  const phone = server.device();
  desk.type("hello");
  await pass(SECOND);
  assert.equal(phone.text, "hello");
  desk.outbox.add(7);
  desk.type("");
  await pass(10 * SECOND);
  assert.deepEqual([server.text(), phone.text], ["hello", "hello"]);
  desk.outbox.delete(7);
  desk.drafts.accepted();
  await settle();
  assert.deepEqual([server.text(), phone.text, phone.other, desk.text], ["", "", null, ""]);
});

test("without a connection it is saved on return, and as old as it is", async () => {
  const phone = server.device();
  phone.leave();
  phone.type("in the tunnel");
  await pass(60 * SECOND);
  phone.comeBack();
  await settle();
  assert.deepEqual(server.drafts.get(7), { room: 7, text: "in the tunnel", at: Date.now() - 60 * SECOND });
});

test("what is longer than a frame holds is kept here alone, and the server not asked", async () => {
  desk.type("x".repeat(10_001));
  await pass(60 * SECOND);
  desk.drafts.flush();
  assert.deepEqual([server.saves, afterReload(7).length], [[], 10_001]);
});

test("what the server refuses for good stays here and is not asked again until it changes", async () => {
  server.answers = [TOO_LONG];
  desk.type("x".repeat(9_999));
  await pass(60 * SECOND);
  desk.drafts.resume();
  await settle();
  assert.equal(server.saves.length, 1);
  assert.equal(desk.text.length, 9_999);
  desk.type("shorter");
  await pass(SECOND);
  assert.equal(server.text(), "shorter");
});

for (const [name, problem] of [["refused for a moment", TOO_FAST], ["not answered", new NoAnswer()]]) {
  test(`what is ${name} is saved later`, async () => {
    server.answers = [problem];
    desk.type("hello");
    await pass(SECOND);
    assert.equal(server.text(), "");
    await pass(8 * SECOND);
    assert.equal(server.text(), "hello");
  });
}

// From other devices

test("a draft from the phone is at the desk, and goes on there", async () => {
  const phone = server.device();
  const filled = [];
  desk.drafts.on("filled", (room) => filled.push(room));
  phone.type("On my way, will");
  await pass(SECOND);
  assert.deepEqual([desk.text, filled], ["On my way, will", [7]]);
  desk.type("On my way, will be there at nine");
  await pass(SECOND);
  assert.deepEqual([phone.text, phone.other], ["On my way, will be there at nine", null]);
  assert.equal(server.saves.length, 2, "what comes from elsewhere is not saved again");
});

test("what one is just writing is never replaced; what came lies beside it", async () => {
  const phone = server.device();
  desk.type("half a sen");
  phone.type("from the phone");
  phone.drafts.flush();
  await settle();
  assert.deepEqual([desk.text, desk.other], ["half a sen", "from the phone"]);
  desk.type("half a sentence");
  await pass(SECOND);
  assert.deepEqual([desk.text, desk.other, phone.text], ["half a sentence", "from the phone", "half a sentence"]);
  desk.drafts.swap(7);
  assert.deepEqual([desk.text, desk.other], ["from the phone", "half a sentence"]);
  desk.type("");
  desk.drafts.swap(7);
  assert.deepEqual([desk.text, desk.other, desk.drafts.has(7)], ["half a sentence", null, true]);
});

test("what was emptied just before the page went does not come back as another device's", async () => {
  desk.type("half a sen");
  await pass(SECOND);
  desk.leave();
  desk.type("");
  desk.drafts.flush();
  desk.open();
  assert.deepEqual([desk.text, desk.other], ["", null]);
  desk.comeBack();
  await settle();
  assert.deepEqual([desk.other, server.text()], [null, ""]);
});

test("a save that the line held back replaces nothing that is not kept beside it", async () => {
  const phone = server.device();
  let arrive;
  const line = new Promise((resolve) => (arrive = resolve));
  const { save } = server;
  server.save = async (draft) => {
    if (draft.text === "from the desk") await line;
    return save.call(server, draft);
  };
  desk.type("from the desk");
  await pass(SECOND);
  desk.online = false;
  phone.type("from the phone, and later");
  await pass(10 * SECOND);
  assert.equal(server.text(), "from the phone, and later");
  desk.online = true;
  arrive();
  await pass(SECOND);
  assert.deepEqual([server.text(), phone.text], ["from the desk", "from the desk"]);
  assert.deepEqual([desk.text, desk.other], ["from the desk", "from the phone, and later"]);
});

test("what was written in a tunnel before the desk wrote later stands there still, beside the later one", async () => {
  const phone = server.device();
  phone.leave();
  phone.type("earlier");
  await pass(10 * SECOND);
  desk.type("later");
  await pass(SECOND);
  phone.comeBack();
  await pass(60 * SECOND);
  assert.deepEqual([server.text(), desk.text], ["later", "later"]);
  assert.deepEqual([phone.text, phone.other], ["earlier", "later"]);
  phone.open();
  assert.deepEqual([phone.text, phone.other], ["earlier", "later"], "after a reload, too");
});

test("what was sent from the desk is empty on the phone that comes back, unless that wrote on", async () => {
  const [phone, tablet] = [server.device(), server.device()];
  desk.type("hello");
  await pass(SECOND);
  phone.leave();
  tablet.leave();
  tablet.type("hello, world");
  await pass(10 * SECOND);
  desk.type("");
  await pass(SECOND);
  phone.comeBack();
  tablet.comeBack();
  await settle();
  assert.deepEqual([server.text(), phone.text], ["", ""]);
  assert.deepEqual([tablet.text, tablet.other], ["hello, world", null]);
});

test("a save that is under way while one writes on leaves nothing beside", async () => {
  desk.type("a");
  desk.drafts.flush();
  desk.type("ab");
  await settle();
  assert.deepEqual([desk.text, desk.other], ["ab", null]);
  await pass(SECOND);
  assert.equal(server.text(), "ab");
});

test("an older state that arrives late changes nothing", async () => {
  const phone = server.device();
  phone.type("first");
  await pass(SECOND);
  const old = { ...server.drafts.get(7) };
  phone.type("second");
  await pass(SECOND);
  desk.drafts.hear(old);
  assert.equal(desk.text, "second");
});

test("a restored backup takes no draft away", async () => {
  desk.type("written after the backup");
  await pass(SECOND);
  server.epoch = "e2";
  server.drafts.clear();
  desk.comeBack();
  await settle();
  assert.deepEqual([desk.text, server.text()], ["written after the backup", "written after the backup"]);
});

test("after a backup was restored a draft answers nothing: the numbers may be those of other messages", async () => {
  desk.drafts.answer(7, 3);
  desk.type("yes");
  await pass(SECOND);
  server.epoch = "e2";
  desk.comeBack();
  assert.deepEqual([desk.text, desk.drafts.replyTo(7)], ["yes", null]);
});

// Two tabs of one browser

test("two tabs show one draft, the one that was written last", async () => {
  const other = server.device(storage);
  desk.leave();
  other.leave();
  desk.type("from the first tab");
  await pass(300);
  other.drafts.reload();
  assert.equal(other.text, "from the first tab");
  other.type("and from the second");
  desk.drafts.reload();
  assert.equal(desk.text, "from the first tab", "not kept yet");
  await pass(300);
  desk.drafts.reload();
  assert.equal(desk.text, "and from the second");
  other.type("");
  await pass(300);
  desk.drafts.reload();
  assert.equal(desk.text, "");
  let told = 0;
  desk.drafts.on("filled", () => (told += 1));
  other.drafts.answer(7, 3);
  await pass(300);
  desk.drafts.reload();
  assert.deepEqual([desk.drafts.replyTo(7), told], [3, 1]);
});

test("a tab that lags behind does not bring back an older text", async () => {
  const other = server.device(storage);
  desk.type("one");
  await pass(300);
  other.drafts.reload();
  await pass(700);
  desk.type("one two");
  await pass(300);
  shelfOn(storage).set("7", { ...shelfOn(storage).get("7"), text: "one", changed: Date.now() - 500 });
  desk.drafts.reload();
  assert.equal(desk.text, "one two");
});

// Whatever two devices do: in the end both show what the server holds, or hold what it has beside their own.
for (let seed = 1; seed <= 60; seed += 1) {
  test(`way ${seed} of two devices ends with every text somewhere`, async () => {
    const random = seeded(seed);
    const devices = [desk, server.device()];
    let typed = 0;
    for (let step = 0; step < 30; step += 1) {
      const device = devices[random() < 0.5 ? 0 : 1];
      const chance = random();
      if (chance < 0.5) device.type(`text ${(typed += 1)}`);
      else if (chance < 0.6) device.type("");
      else if (chance < 0.7) device.drafts.flush();
      else if (chance < 0.8 && device.online) device.leave();
      else if (chance < 0.9) device.comeBack();
      else device.drafts.flush(), device.open();
      await pass(100 * Math.floor(random() * 30));
    }
    for (const device of devices) device.comeBack();
    await pass(30 * SECOND);
    for (const device of devices) {
      const shown = [device.text, device.other ?? ""];
      assert.ok(shown.includes(server.text()) || server.text() === "", `${shown} but ${server.text()}`);
    }
    assert.ok(devices.some((device) => device.text === server.text()) || server.text() === "");
  });
}
