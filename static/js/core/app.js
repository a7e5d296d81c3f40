import { Drafts } from "roost/core/drafts.js";
import { Live } from "roost/core/live.js";
import { alone } from "roost/core/locks.js";
import { Outbox } from "roost/core/outbox.js";
import { Place } from "roost/core/place.js";
import { browserStorage, Shelf } from "roost/core/shelf.js";
import { Sight } from "roost/core/sight.js";
import { Socket } from "roost/core/socket.js";
import { Store } from "roost/core/store.js";
import { Stream } from "roost/core/stream.js";
import { WayIn } from "roost/core/way_in.js";

/** The parts of this page, put together once from the data the server put into it. */
export const app = makeApp(JSON.parse(document.getElementById("boot").textContent));

function makeApp(boot) {
  const storage = browserStorage();
  const store = new Store();
  const way = new WayIn({
    webSocket: () => new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/ws`),
    stream: () => new Stream(boot.xsrf),
    answers: async () => (await fetch("/readyz").catch(() => null))?.ok,
  });
  const socket = new Socket(way.open);
  const live = new Live(socket, store);
  const shelf = new Shelf(storage, `roost.outbox.${boot.person.id}`);
  const outbox = new Outbox({
    shelf,
    send: ({ room, nonce, text }) => socket.request({ type: "message.send", room, nonce, text }),
    lock: (work) => alone(`roost.outbox.${boot.person.id}`, work),
  });
  const drafts = new Drafts(new Shelf(storage, `roost.draft.${boot.person.id}`));
  fill(store, boot);
  outbox.on("changed", (entries) => store.apply({ type: "outbox.changed", entries }));
  outbox.changed();
  shelf.watch(() => outbox.changed());
  socket.on("status", () => socket.live && outbox.drain());
  addEventListener("pagehide", () => drafts.flush());
  const place = new Place();
  // First of all listeners: the room must be open before its history is asked for, or a change in between is missed.
  place.on("moved", ({ room }) => live.show(room));
  return { boot, store, socket, live, outbox, drafts, place, sight: new Sight() };
}

/** The page came with a room in it: the same as having heard it from the wire. */
function fill(store, boot) {
  const row = boot.rooms.find((room) => room.id === boot.room);
  store.apply({ type: "session.started", ...boot });
  store.apply({ type: "opened", room: row, messages: boot.messages, people: boot.people, members: null, online: 0 });
}
