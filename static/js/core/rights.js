// As app/chat/rights.py has it; tests/test_javascript.py holds the two together. The server decides, the page only offers.
const RANKS = ["member", "moderator", "admin", "owner"];
const FEW = 20;

/** Whether a person, who is in a room, looks after it. Whoever moderates the community moderates each of their rooms, but no direct one. */
export function moderates(person, room) {
  if (room.home) return moderates(person, room.home);
  return room.kind !== "direct" && (room.role === "moderator" || ranks(person, "moderator"));
}

/** Whether a person may have newcomers join a room that they are in. */
export function mayOffer(person) {
  return ranks(person, "admin");
}

/** Whether somebody may take another out of a room. A bot goes with its webhook. */
export function mayRemove(person, other, room) {
  return !other.bot && person.id !== other.id && moderates(person, room) && rankOf(other) <= rankOf(person);
}

/** Whether somebody may keep another from writing, or put them out of the community. */
export function mayRestrain(person, other) {
  return ranks(person, "moderator") && rankOf(other) < rankOf(person) && !other.imported && !other.former && !other.bot;
}

/** Whether somebody may let people only read for a while. */
export function mayMute(person) {
  return ranks(person, "moderator");
}

/** Whether @all and @here of a person tell people in a room: where few are, those of everybody do; in a thread nobody's. */
export function mayCall(person, room) {
  if (room.home) return false;
  return room.kind === "direct" || room.members <= FEW || moderates(person, room);
}

/** Whether the reader may edit a message of a room, as far as is known here. */
export function mayEdit({ person, editMinutes, mutedUntil }, room, message) {
  if (message.author !== person.id || message.removed || shutBy(person, room, mutedUntil) !== null) return false;
  return editMinutes === 0 || Date.now() - message.at <= editMinutes * 60_000;
}

/** Whether the reader may pin a message of a room, or take it off. What is pinned in a thread nobody would find. */
export function mayPin({ person, mutedUntil }, room, message) {
  return !room.home && !message.removed && shutBy(person, room, mutedUntil) === null;
}

/** Whether the reader may put an emoji on a message of a room. */
export function mayReact({ mutedUntil }, room, message) {
  return !message.removed && !room.archived && !mutedUntil;
}

/** Whether the reader may remove a message of a room. */
export function mayRemoveMessage({ person, people }, room, message) {
  if (message.removed) return false;
  if (message.author === person.id) return true;
  return moderates(person, room) && rankOf(people.get(message.author) ?? {}) <= rankOf(person);
}

/** Whether the reader may open the thread of a message: a thread has none, and one that is not there is begun by who may post. */
export function mayOpenThread({ person, mutedUntil }, room, { removed, thread }) {
  return !room.home && Boolean(thread || (!removed && shutBy(person, room, mutedUntil) === null));
}

/** Why a person cannot post in a room: "archived", "announcements" or "muted"; null: they can. */
export function shutBy(person, room, mutedUntil) {
  if (room.home) return shutBy(person, room.home, mutedUntil);
  if (room.archived) return "archived";
  if (room.posting === "moderators" && !moderates(person, room)) return "announcements";
  return mutedUntil ? "muted" : null;
}

/** Milliseconds until links open for a person who is new until then; 0: they are open. */
export function newFor(person, newUntil) {
  return rankOf(person) === 0 ? Math.max(0, newUntil - Date.now()) : 0;
}

/** The seconds that a person waits between two messages in a room; 0: as few as everywhere. */
export function waitIn(person, room) {
  if (room.home) return waitIn(person, room.home);
  return moderates(person, room) ? 0 : room.slow;
}

function ranks(person, least) {
  return rankOf(person) >= RANKS.indexOf(least);
}

/** The usual role is left out on the wire. */
function rankOf({ role = "member" }) {
  return RANKS.indexOf(role);
}
