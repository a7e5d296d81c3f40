import { isNew } from "roost/core/loudness.js";
import { pathOf } from "roost/core/place.js";
import { faceOf, talksOf, titleOf } from "roost/core/talks.js";
import { n } from "roost/core/words.js";
import { visit } from "roost/features/navigation.js";
import { openProfile } from "roost/features/layers.js";

const MOST_RECENT = 6;

/** The rooms and people one can jump to, as core/jumps.js looks them through. `key` names each. */
export function roomsOf({ store }) {
  return store.sorted.map((room) => ({
    key: `room ${room.id}`,
    room,
    name: room.name,
    aside: asideOf(room),
    icon: room.kind === "private" ? "lock" : "hash",
    run: () => visit(pathOf(room)),
  }));
}

/** Those with one person stand under that person's name, who are the same to who looks for them. */
export function talksWith({ store }) {
  return talksOf(store).map((room) => ({
    key: `room ${room.id}`,
    room,
    person: faceOf(store, room),
    name: titleOf(store, room),
    aside: asideOf(room),
    icon: "users",
    run: () => visit(pathOf(room)),
  }));
}

export function peopleOf(app) {
  const people = [...app.store.people.values()].filter(({ id, former }) => id !== app.store.person.id && !former);
  return people
    .sort((one, other) => one.name.localeCompare(other.name))
    .map((person) => ({
      key: `person ${person.id}`,
      person,
      name: person.name,
      also: `@${person.handle}`,
      run: () => openProfile(app, person),
    }));
}

/** Before anything is written: what is unread, then where the reader was last, or else all rooms. */
export function beginningsOf({ place, recent, store }, { rooms, talks }) {
  const elsewhere = [...rooms, ...talks].filter(({ room }) => room.id !== place.room);
  const unread = elsewhere.filter(({ room }) => isNew(store, room));
  const visited = recent.rooms.map((id) => store.room(id));
  const seen = visited.map((room) => elsewhere.find((jump) => jump.room === room)).filter((jump) => jump && !unread.includes(jump));
  const groups = [
    { kind: "unread", jumps: unread },
    { kind: "recent", jumps: seen.slice(0, MOST_RECENT) },
  ].filter(({ jumps }) => jumps.length > 0);
  return groups.length > 0 ? groups : [{ kind: "rooms", jumps: rooms }];
}

function asideOf({ members, unread }) {
  if (unread > 0) return n("{count} unread", "{count} unread", unread);
  return members === null ? "" : n("{count} member", "{count} members", members);
}
