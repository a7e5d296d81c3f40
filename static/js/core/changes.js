import { Room } from "roost/core/room.js";
import { isFor } from "roost/core/said.js";
import { isTalk, isUnbegun } from "roost/core/talks.js";

/** What each event does to a Store. */
export const CHANGES = {
  "session.started": started,
  "message.posted": durable,
  "message.changed": durable,
  "reactions.changed": durable,
  "member.joined": durable,
  "member.left": durable,
  "room.changed": changed,
  "room.removed": (store, { room, by = null }) => {
    remove(store, room, by === null ? "left" : "put out", by);
    store.say("rooms");
  },
  "room.joined": (store, event) => {
    entered(store, event);
    // A talk comes with its first message.
    if (store.room(event.room.id)?.unread > 0) store.say("activity", event.room.id);
  },
  room: entered,
  "room.activity": (store, { room: id, number, seq }) => {
    const room = store.room(id);
    const more = number > room?.number;
    room?.heads(number, seq);
    if (more) room.at = Date.now();
    store.say("rooms");
    if (more) store.say("activity", id);
  },
  "room.read": (store, { room, number }) => {
    store.room(room)?.markRead(number);
    store.say("rooms");
  },
  "room.preferred": (store, { room, ...wishes }) => {
    store.room(room)?.prefer(wishes);
    store.say("rooms");
    store.say("preferred", room);
  },
  "preferences.changed": (store, { preferences }) => store.prefer(preferences),
  "mention.posted": (store, { room: id, number, by = null }) => {
    const room = store.room(id);
    if (!room || by === store.person.id || store.blocked.has(by)) return;
    room.mention([number]);
    store.say("rooms");
    store.say("mentioned", { room: id, number });
  },
  "message.saved": (store, { room, number, on }) => store.say("saved", { room, number, on }),
  "room.unread": (store, { room, number, mentions }) => {
    store.room(room)?.mention(mentions);
    store.room(room)?.markUnread(number);
    store.say("rooms");
    store.say("unread", room);
  },
  "marker.moved": (store, { room, number }) => {
    store.room(room)?.moveRead(number);
    store.say("rooms");
    if (store.room(room)?.keptUnread) store.say("unread", room);
  },
  "draft.changed": (store, { draft }) => store.say("draft", draft),
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
  "restraint.changed": (store, { restraint }) => store.restrain(restraint),
  "person.blocked": (store, { person, blocked }) => {
    store.keep([person]);
    if (blocked) store.blocked.add(person.id);
    else store.blocked.delete(person.id);
    store.say("people");
    store.say("rooms");
  },
  heartbeat: (store, { heads = {} }) => {
    for (const [id, seq] of Object.entries(heads)) head(store, Number(id), seq);
  },
  sent,
  edited: (store, { room, message }) => {
    take(store, store.room(room), [message]);
    store.say("room", room);
  },
  page: (store, event) => {
    store.keep(event.people);
    take(store, store.room(event.room), event.messages, event.quoted);
    store.say("room", event.room);
  },
  // By the reader, before the server has heard of it.
  "reaction.wanted": (store, { room, number, changes }) => {
    store.room(room)?.foresee(number, changes);
    store.say("room", room);
  },
  reactors: (store, { people }) => {
    store.keep(people);
    store.say("people");
  },
  members: (store, { people }) => store.keep(people),
  person: (store, { person }) => store.keep([person]),
  mentions: (store, { people }) => store.keep(people),
  thread: (store, { room, message, people }) => {
    store.keep(people);
    entered(store, { room });
    take(store, store.room(room.parent), [message]);
  },
  threads: (store, { threads, people }) => {
    store.keep(people);
    for (const { room } of threads) seen(store, room);
    store.say("rooms");
  },
  pins: (store, { people }) => store.keep(people),
  "room.files": (store, { people }) => store.keep(people),
  people: (store, { people, others = [] }) => store.keep([...people, ...others]),
  opened,
  "outbox.changed": (store, { entries }) => store.replacePending(entries),
};

const DURABLE = {
  "message.posted": posted,
  "message.changed": amended,
  "reactions.changed": (store, room, event) => {
    store.keep(event.people ?? []);
    room.react(event);
  },
  "member.joined": joined,
  "member.left": left,
  "room.changed": () => {},
};

function started(store, { epoch, person, preferences, rooms, text_limit: textLimit, drafts = [], blocked = [], ...rest }) {
  const stale = store.enter(epoch);
  store.person = person;
  store.keep([person]);
  store.textLimit = textLimit;
  store.editMinutes = rest.edit_minutes ?? 0;
  store.fileLimit = rest.file_limit ?? 0;
  store.blocked = new Set(blocked);
  store.restrain(rest.restraint);
  // While a new version is brought out, a process of the one before has none to tell.
  if (preferences) store.prefer(preferences);
  const ids = new Set(rooms.map((room) => room.id));
  const followed = rest.threads ?? [];
  const gone = [...store.rooms.values()].filter((room) => !ids.has(room.id) && !isUnbegun(room)).map(({ id }) => id);
  for (const row of [...rooms, ...followed]) seen(store, row)?.meet(row);
  for (const id of gone) remove(store, id, "gone");
  readElsewhere(store, new Set(followed.map(({ id }) => id)));
  for (const id of stale) store.say("reset", id);
  for (const { id, keptUnread } of store.all) if (keptUnread) store.say("unread", id);
  store.say("drafts", { epoch, drafts });
  store.say("people");
  store.say("rooms");
}

/** Of the threads that are known those that are told have something new; all that was said in the others was read. */
function readElsewhere(store, told) {
  for (const thread of store.threads.values()) if (!told.has(thread.id)) thread.markRead(thread.number);
}

function entered(store, { room }) {
  seen(store, room);
  store.say("rooms");
}

/** `how`: "left" by the reader, here or elsewhere; "put out" by somebody; "gone" while nobody listened. */
function remove(store, id, how, by = null) {
  const room = store.room(id);
  if (!room) return;
  store.forget(id);
  // A thread goes with its room, of which it is said.
  if (!room.home) store.say("removed", { room, how, by });
}

/** All of it comes, so it holds at once; in the order of changes it has its turn nonetheless. */
function changed(store, event) {
  const room = store.room(event.room);
  if (!room) return;
  room.become(event);
  room.receive(event, (change) => DURABLE[change.type](store, room, change));
  store.say("rooms");
  store.say("changed", room.id);
}

function seen(store, row) {
  const { people = [], here = [], idle = [] } = row;
  store.keep(people);
  for (const { id } of people) setHere(store, id, here.includes(id), idle.includes(id));
  const room = store.room(row.id);
  if (room) return again(room, row);
  if (row.parent) meetThread(store, row);
  else store.rooms.set(row.id, new Room(row));
  return store.room(row.id);
}

/** Somebody follows a thread by what they, or others, write in it. */
function again(room, row) {
  room.update(row);
  if (room.home) room.prefer(row);
  return room;
}

/** Not one of a room that the reader has left meanwhile. */
function meetThread(store, row) {
  const home = store.rooms.get(row.parent);
  if (home) store.threads.set(row.id, Object.assign(new Room(row), { home, root: row.root }));
}

function setHere(store, id, here, idle = false) {
  store.here[here ? "add" : "delete"](id);
  store.idle[idle ? "add" : "delete"](id);
}

/** All of them are held before the first is asked whom it answers: what changed last comes last. */
function take(store, room, messages, quoted) {
  room?.keepQuoted(quoted);
  for (const message of messages) room?.put(message, store.person.id);
  for (const message of messages) {
    if (room) noteMention(store, room, message);
    settle(store, message);
  }
}

/**
 * The server tells of each as well; on a line between processes that can be lost, what is posted cannot. One that was
 * removed, or edited, may mention the reader no longer.
 */
function noteMention({ blocked, person }, room, told) {
  const message = room.message(told.number) ?? told;
  const { number, author } = message;
  if (author === person.id || blocked.has(author)) return;
  if (isFor(message, person.id) || room.answers(message, person.id)) room.mention([number]);
  else room.mentionNoMore(number);
}

/** It is here, so it waits no longer, whatever was said of its sending. */
function settle(store, { author, nonce }) {
  if (author === store.person.id && store.entry(nonce)) store.say("stored", nonce);
}

function durable(store, event) {
  const room = store.room(event.room);
  if (!room) return;
  room.receive(event, (change) => DURABLE[change.type](store, room, change));
  store.say("room", room.id);
  if (room.behind) store.say("behind", room.id);
}

function posted(store, room, { message, person, people = [], quoted, seq }) {
  store.keep([...people, person]);
  store.stopTyping(room.id, person.id);
  room.keepQuoted(quoted);
  room.add(message, store.person.id);
  noteMention(store, room, message);
  settle(store, message);
  room.heads(message.number, seq);
  room.tail = Math.max(room.tail, message.number);
  room.at = Math.max(room.at, message.at);
  store.say("rooms");
  // What was lost on the way may have been removed before it is filled in.
  if (!message.removed) store.say("arrived", { room: room.id, message });
}

/** Also one that is not held: an answer on its way may bring what it was before. */
function amended(store, room, { message, people = [], quoted }) {
  store.keep(people);
  room.keepQuoted(quoted);
  room.add(message, store.person.id);
  noteMention(store, room, message);
  store.say("rooms");
  store.say("amended", { room: room.id, message });
}

function joined(store, room, { person }) {
  store.keep([person]);
  if (room.members !== null) room.members += 1;
  store.say("online", room.id);
  store.say("joined", { room: room.id, person });
}

function left(store, room, { person }) {
  store.keep([person]);
  store.stopTyping(room.id, person.id);
  if (room.members !== null) room.members -= 1;
  store.say("online", room.id);
  store.say("left", { room: room.id, person });
}

function presence(store, { room: id, online, came = [], went = [], idle = [] }) {
  const room = store.room(id);
  if (!room) return;
  room.online = online;
  if (isTalk(room)) {
    for (const person of came) setHere(store, person, true);
    for (const person of went) setHere(store, person, false);
    for (const person of idle) setHere(store, person, true, true);
    store.say("rooms");
  }
  store.say("online", id);
  store.say("moved", { room: id, came, went, idle });
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

function opened(store, { room: row, messages, people, quoted, members, online, reset = false, more = false }) {
  const room = seen(store, row);
  if (!room) return;
  const before = room.loaded ? room.tail : null;
  store.keep(people);
  if (reset && room.loaded) room.forget();
  take(store, room, messages, quoted);
  const tail = more ? Math.max(before ?? 0, ...messages.map(({ number }) => number)) : row.number;
  room.reach(row, reset, (change) => DURABLE[change.type](store, room, change), tail);
  room.members = members;
  room.online = online;
  if (reset && before !== null) store.say("reset", room.id);
  const missed = before !== null && messages.find(({ number, author, removed }) => number > before && author !== store.person.id && !removed);
  if (missed) store.say("missed", { room: room.id, author: missed.author, after: before });
  store.say("online", room.id);
  store.say("rooms");
  store.say("room", room.id);
  if (room.behind) store.say("behind", room.id);
}
