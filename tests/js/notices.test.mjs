import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Claims } from "roost/core/claims.js";
import { Notices } from "roost/core/notices.js";
import { Store } from "roost/core/store.js";
import { ADA, FakeLocks, GRACE, ServerRoom, settle, started } from "./world.mjs";

const GRACE_PERIOD = 1_000;
const PACE = 10_000;

/** Tabs of one browser, each with its own store of one room. */
class Browser {
  room = new ServerRoom();
  told = [];
  looked = false;
  wanted = true;
  reachable = true;
  asked = 0;

  constructor() {
    Object.defineProperty(globalThis, "navigator", { value: { locks: new FakeLocks() }, configurable: true });
  }

  tab() {
    const store = new Store();
    store.apply(started([this.room.row]));
    store.keep([GRACE]);
    const notices = new Notices({
      store,
      claims: new Claims("ada."),
      newsIn: (room) => (this.wanted && room.unread > 0 ? room.number : 0),
      isLookedAt: async () => this.looked,
      find: async () => this.#newest(),
      tell: async ({ message }) => this.told.push(message.number),
    });
    store.on("activity", (room) => notices.hear(room));
    return store;
  }

  post(stores, author = GRACE) {
    this.room.post(author);
    const { number, seq, id: room } = this.room;
    for (const store of stores) store.apply({ type: "room.activity", room, number, seq });
  }

  #newest() {
    this.asked += 1;
    return this.reachable ? this.room.messages.at(-1) : null;
  }
}

async function pass(milliseconds) {
  mock.timers.tick(milliseconds);
  await settle();
}

/** A browser whose clock a test moves. */
function withClock(work) {
  return async () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_700_000_000_000 });
    try {
      await work(new Browser(), pass);
    } finally {
      mock.timers.reset();
    }
  };
}

test("a message is told of once, however many tabs hear of it", withClock(async (browser, move) => {
  const tabs = [browser.tab(), browser.tab(), browser.tab()];
  browser.post(tabs);
  await move(GRACE_PERIOD - 1);
  assert.deepEqual(browser.told, []);
  await move(1);
  assert.deepEqual([browser.told, browser.asked], [[1], 1]);
}));

test("a tab that opens later tells nothing of it again", withClock(async (browser, move) => {
  const first = browser.tab();
  browser.post([first]);
  await move(GRACE_PERIOD);
  const second = browser.tab();
  second.apply({ type: "room.activity", room: 7, number: 1, seq: 1 });
  await move(PACE);
  assert.deepEqual(browser.told, [1]);
}));

test("what is read within the second is not told of", withClock(async (browser, move) => {
  const tab = browser.tab();
  browser.post([tab]);
  await move(GRACE_PERIOD / 2);
  tab.apply({ type: "room.read", room: 7, number: 1 });
  await move(PACE);
  assert.deepEqual(browser.told, []);
}));

test("what any tab looks at is not told of, nor later", withClock(async (browser, move) => {
  const tab = browser.tab();
  browser.looked = true;
  browser.post([tab]);
  await move(GRACE_PERIOD);
  browser.looked = false;
  tab.apply({ type: "room.activity", room: 7, number: 1, seq: 1 });
  await move(PACE);
  assert.deepEqual(browser.told, []);
  browser.post([tab]);
  await move(GRACE_PERIOD);
  assert.deepEqual(browser.told, [2]);
}));

test("a busy room tells of its newest message every ten seconds, whichever tab does", withClock(async (browser, move) => {
  const tabs = [browser.tab(), browser.tab()];
  browser.post(tabs);
  await move(GRACE_PERIOD);
  for (let count = 0; count < 9; count += 1) {
    browser.post(tabs);
    await move(1_000);
  }
  assert.deepEqual(browser.told, [1]);
  await move(1_000);
  assert.deepEqual(browser.told, [1, 10]);
}));

test("the person's own messages are nothing new", withClock(async (browser, move) => {
  const tab = browser.tab();
  browser.post([tab], ADA);
  await move(GRACE_PERIOD);
  assert.deepEqual(browser.told, []);
}));

test("who does not want to be told is not", withClock(async (browser, move) => {
  const tab = browser.tab();
  browser.wanted = false;
  browser.post([tab]);
  await move(GRACE_PERIOD);
  assert.deepEqual([browser.told, browser.asked], [[], 0]);
}));

test("what came while nothing was wanted is not told by who wants it a moment later", withClock(async (browser, move) => {
  const tab = browser.tab();
  browser.wanted = false;
  browser.post([tab]);
  browser.wanted = true;
  await move(GRACE_PERIOD);
  assert.deepEqual(browser.told, []);
}));

test("what one tab cannot fetch another one may", withClock(async (browser, move) => {
  const [cutOff, other] = [browser.tab(), browser.tab()];
  browser.reachable = false;
  browser.post([cutOff]);
  await move(GRACE_PERIOD);
  browser.reachable = true;
  other.apply({ type: "room.activity", room: 7, number: 1, seq: 1 });
  await move(GRACE_PERIOD);
  assert.deepEqual(browser.told, [1]);
}));

test("a join in a room that is not open is no message", withClock(async (browser, move) => {
  browser.room.post();
  const tab = browser.tab();
  browser.room.join(ADA);
  tab.apply({ type: "room.activity", room: 7, number: browser.room.number, seq: browser.room.seq });
  await move(GRACE_PERIOD);
  assert.deepEqual(browser.told, []);
}));

test("what somebody writes whom the reader has blocked is nothing new", withClock(async (browser, move) => {
  const tab = browser.tab();
  tab.apply({ type: "person.blocked", person: GRACE, blocked: true });
  browser.post([tab]);
  await move(GRACE_PERIOD);
  assert.deepEqual(browser.told, []);
}));
