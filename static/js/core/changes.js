import { Room } from "roost/core/room.js";

/** What each event does to a Store. */
export const CHANGES = {
  "session.started": started,
  "message.posted": durable,
  "member.joined": durable,
  "room.joined": (store, { room }) => {
    seen(store, room);
    store.say("rooms");
  },
  "room.activity": (store, { room, number, seq }) => {
    store.room(room)?.heads(number, seq);
    store.say("rooms");
  },
  "room.read": (store, event) => {
    const room = store.room(event.room);
    if (room) room.read = Math.max(room.read, event.number);
    store.say("rooms");
  },
  "typing.started": (store, { room, person }) => {
    store.keep([person]);
    if (person.id !== store.person.id) store.startTyping(room, person.id);
  },
  "presence.changed": presence,
  "person.changed": (store, { person }) => {
    store.keep([person]);
    if (person.id === store.person.id) store.person = person;
    store.say("people");
  },
  heartbeat: (store, { heads = {} }) => {
    for (const [id, seq] of Object.entries(heads)) head(store, Number(id), seq);
  },
  sent,
  page: (store, event) => {
    store.keep(event.people);
    for (const message of event.messages) store.room(event.room)?.put(message, store.person.id);
    store.say("room", event.room);
  },
  opened,
  "outbox.changed": (store, { entries }) => store.replacePending(entries),
};

const DURABLE = { "message.posted": posted, "member.joined": joined };

function started(store, { epoch, person, rooms, text_limit: textLimit }) {
  const stale = store.enter(epoch);
  store.person = person;
  store.keep([person]);
  store.textLimit = textLimit;
  const ids = new Set(rooms.map((room) => room.id));
  for (const id of [...store.rooms.keys()]) if (!ids.has(id)) store.rooms.delete(id);
  for (const row of rooms) seen(store, row);
  for (const id of stale) store.say("reset", id);
  store.say("rooms");
}

function seen(store, row) {
  const room = store.room(row.id);
  if (room) room.update(row);
  else store.rooms.set(row.id, new Room(row));
  return store.room(row.id);
}

function durable(store, event) {
  const room = store.room(event.room);
  if (!room) return;
  room.receive(event, (change) => DURABLE[change.type](store, room, change));
  store.say("room", room.id);
  if (room.behind) store.say("behind", room.id);
}

function posted(store, room, { message, person, seq }) {
  store.keep([person]);
  store.stopTyping(room.id, person.id);
  room.put(message, store.person.id);
  room.heads(message.number, seq);
  room.tail = Math.max(room.tail, message.number);
  store.say("rooms");
  store.say("arrived", { room: room.id, message });
}

function joined(store, room, { person }) {
  store.keep([person]);
  if (room.members !== null) room.members += 1;
  store.say("online", room.id);
}

function presence(store, { room: id, online }) {
  const room = store.room(id);
  if (!room) return;
  room.online = online;
  store.say("online", id);
}

function head(store, id, seq) {
  const room = store.room(id);
  if (!room || seq <= room.seq) return;
  room.seq = seq;
  store.say("behind", id);
}

function sent(store, { room, message }) {
  const entry = store.entry(message.nonce);
  if (entry) store.room(room)?.settle(entry, message);
}

function opened(store, { room: row, messages, people, members, online, reset = false, more = false }) {
  const room = seen(store, row);
  const before = room.loaded ? room.tail : null;
  store.keep(people);
  if (reset && room.loaded) room.forget();
  for (const message of messages) room.put(message, store.person.id);
  const tail = more ? Math.max(before ?? 0, messages.at(-1).number) : row.number;
  room.reach(row, reset, (change) => DURABLE[change.type](store, room, change), tail);
  room.members = members;
  room.online = online;
  if (reset && before !== null) store.say("reset", room.id);
  const missed = before !== null && messages.find(({ number, author }) => number > before && author !== store.person.id);
  if (missed) store.say("missed", { room: room.id, author: missed.author, after: before });
  store.say("online", room.id);
  store.say("rooms");
  store.say("room", room.id);
  if (room.behind) store.say("behind", room.id);
}
