/** Direct rooms: who they are with, and how they are listed. */

export function isTalk({ kind }) {
  return kind === "direct";
}

/** The people of a talk without the reader. */
export function othersIn({ people, person }, room) {
  return room.people.filter((id) => id !== person.id).map((id) => people.get(id));
}

/** The other one where two talk; null in every other room. */
export function faceOf(store, room) {
  const others = othersIn(store, room);
  return others.length === 1 ? others[0] : null;
}

/** How many people of a room are connected. Of a talk it is known of each, also where nothing was said yet. */
export function onlineIn({ here }, room) {
  return isTalk(room) ? room.people.filter((id) => here.has(id)).length : room.online;
}

/** What a room is called; a talk by the names of the others. */
export function titleOf(store, room) {
  if (room.home) return titleOf(store, room.home);
  return isTalk(room) ? othersIn(store, room).map(({ name }) => name).join(", ") : room.name;
}

/** The same with the sign of rooms before it. */
export function calledIn(store, room) {
  if (room.home) return calledIn(store, room.home);
  return isTalk(room) ? titleOf(store, room) : `#${room.name}`;
}

/** Whether nothing is shown or told of a room: the reader has blocked the only other one in it. */
export function isBlocked(store, room) {
  if (room.home) return isBlocked(store, room.home);
  return isTalk(room) && store.blocked.has(faceOf(store, room)?.id);
}

/** Whether somebody has opened a talk and nothing was said in it, which no list of the server has. */
export function isUnbegun(room) {
  return isTalk(room) && room.number === 0;
}

/**
 * The talks that there are: where something was said last comes first. With the `open` one, whatever it is, and those in
 * which nothing was said but something begun, as `hasDraft` tells.
 */
export function talksOf(store, { open = null, hasDraft = () => false } = {}) {
  const isListed = (room) => (!isUnbegun(room) || hasDraft(room.id)) && !isBlocked(store, room);
  const listed = [...store.rooms.values()].filter((room) => isTalk(room) && (room.id === open || isListed(room)));
  return listed.sort((one, other) => movedAt(other) - movedAt(one) || one.id - other.id);
}

function movedAt({ at, created }) {
  return at || created;
}

/** Why nothing can be written in a talk: "alone" or "blocked"; null: it can. */
export function shutTalk(store, room) {
  if (othersIn(store, room).every(({ former }) => former)) return "alone";
  return isBlocked(store, room) ? "blocked" : null;
}
