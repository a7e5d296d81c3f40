import { isBusy } from "roost/core/loudness.js";

/**
 * What is new to the reader, a line for each room, where something was posted last first: [{room, message, author}].
 * `told` are the rooms of the server's digest; of a room it did not name nothing but the count is known (message null).
 */
export function linesOf(store, told) {
  const byRoom = new Map(told.map((each) => [each.room, each]));
  const busy = busyIn(store);
  return busy.map((room) => lineOf(store, room, byRoom.get(room.id))).sort((one, other) => newest(other, one));
}

/** Since when something is new: {count, since}; `since` is null while that is not known of every room. */
export function countOf(store, told) {
  const begun = new Map(told.map((each) => [each.room, each.since]));
  const busy = busyIn(store);
  const times = busy.map((room) => room.message(room.read + 1)?.at ?? begun.get(room.id) ?? null);
  const known = times.length > 0 && !times.includes(null);
  return { count: busy.reduce((sum, room) => sum + room.unread, 0), since: known ? Math.min(...times) : null };
}

function busyIn(store) {
  return [...store.rooms.values()].filter((room) => isBusy(store, room));
}

function lineOf(store, room, told) {
  const newest = room.message(room.number);
  const message = (newest?.removed ? null : newest) ?? told?.message ?? null;
  return { room, message, author: message && store.people.get(message.author) };
}

function newest({ message: one }, { message: other }) {
  if (!one || !other) return Number(Boolean(other)) - Number(Boolean(one));
  return one.at - other.at;
}
