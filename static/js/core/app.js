import { Drafts } from "roost/core/drafts.js";
import { Edits } from "roost/core/edits.js";
import { Live } from "roost/core/live.js";
import { alone } from "roost/core/locks.js";
import { commandOf, Outbox } from "roost/core/outbox.js";
import { Place } from "roost/core/place.js";
import { Recent } from "roost/core/recent.js";
import { browserStorage, Shelf } from "roost/core/shelf.js";
import { Sight } from "roost/core/sight.js";
import { Store } from "roost/core/store.js";
import { UsedEmoji } from "roost/core/used_emoji.js";
import { makeSocket } from "roost/core/wire.js";

/** The parts of this page, put together once from the data the server put into it. */
export const app = makeApp(JSON.parse(document.getElementById("boot").textContent));

function makeApp(boot) {
  const storage = browserStorage();
  const store = new Store();
  const socket = makeSocket(boot);
  const live = new Live(socket, store);
  const shelf = new Shelf(storage, `roost.outbox.${boot.person.id}`);
  const outbox = new Outbox({
    shelf,
    send: (entry) => socket.request(commandOf(entry)),
    lock: (work) => alone(`roost.outbox.${boot.person.id}`, work),
    connected: () => socket.live,
  });
  outbox.on("changed", (entries) => store.apply({ type: "outbox.changed", entries }));
  store.on("stored", (nonce) => outbox.discard(nonce));
  const drafts = makeDrafts({ boot, storage, store, socket, outbox });
  const edits = new Edits({
    // Of another life of the database: its numbers may mean other messages.
    shelf: new Shelf(storage, `roost.edit.${boot.person.id}.${boot.epoch}`),
    save: async ({ room, number, text }) => store.apply(await socket.request({ type: "message.edit", room, number, text })),
    connected: () => socket.live,
    limit: () => store.textLimit,
  });
  fill(store, boot);
  outbox.changed();
  shelf.watch(() => {
    outbox.changed();
    // Its tab may be closed by now, or without a connection.
    outbox.drain();
  });
  socket.on("status", () => socket.live && outbox.drain());
  socket.on("status", () => socket.live && edits.resume());
  const place = new Place(new Shelf(browserStorage("sessionStorage"), `roost.place.${boot.person.id}`));
  // First of all listeners: the room must be open before its history is asked for, or a change in between is missed.
  place.on("moved", ({ room }) => live.show(room));
  const recent = new Recent(new Shelf(storage, `roost.recent.${boot.person.id}`));
  place.on("moved", ({ room }) => recent.visit(room));
  const usedEmoji = new UsedEmoji(new Shelf(storage, `roost.emoji.${boot.person.id}`));
  return { boot, store, socket, live, outbox, drafts, edits, place, recent, usedEmoji, sight: new Sight(), root: document };
}

/** The parts as an element sees them: in a thread it is at another place, and before the eyes is something else. */
export function appOf(element) {
  return element.closest("roost-thread")?.app ?? app;
}

/** The room's log, or the thread's. */
export function logOf({ root }) {
  return root.querySelector("roost-timeline");
}

export function composerOf({ root }) {
  return root.querySelector("roost-composer");
}

function makeDrafts({ boot, storage, store, socket, outbox }) {
  const shelf = new Shelf(storage, `roost.draft.${boot.person.id}`);
  const drafts = new Drafts({
    shelf,
    save: (draft) => socket.request({ type: "draft.save", ...draft }),
    waits: (room) => outbox.has(room),
    homeOf: (room) => store.room(room)?.home?.id,
  });
  store.on("drafts", (told) => drafts.meet(told));
  store.on("draft", (draft) => drafts.hear(draft));
  socket.on("status", () => socket.live && drafts.resume());
  outbox.on("changed", () => drafts.accepted());
  shelf.watch(() => drafts.reload());
  addEventListener("pagehide", () => drafts.flush());
  document.addEventListener("visibilitychange", () => document.hidden && drafts.flush());
  return drafts;
}

/** The page came with a room in it: the same as having heard it from the wire. */
function fill(store, boot) {
  const row = boot.rooms.find((room) => room.id === boot.room);
  store.apply({ type: "session.started", ...boot });
  const { messages, people, quoted } = boot;
  store.apply({ type: "opened", room: row, messages, people, quoted, members: null, online: 0 });
}
