/**
 * How loud a room is to its reader, who may have muted it, hidden it, or chosen of what they want to be told there. As
 * app/handlers/pages.py draws it first.
 */

/** Of what the reader is told from outside the page: "everything", "mentions" or "nothing". */
export function levelOf(room, { notify }) {
  const chosen = room.level === "default" ? { all: "everything", mentions: "mentions", none: "nothing" }[notify] : room.level;
  return isQuiet(room) && chosen === "everything" ? "mentions" : chosen;
}

/** Whether what is posted there leaves the room as it looks. */
export function isQuiet({ muted, hidden }) {
  return muted || hidden;
}

/** Whether it has something new that its reader may have missed. */
export function isBusy(room) {
  return room.unread > 0 && !isQuiet(room);
}

/** Whether something new makes it stand out. */
export function isNew(room) {
  return isBusy(room) || room.forMe > 0;
}

/** The number beside it, unless there is one of mentions; who chose less than everything is shown none. */
export function countIn(room) {
  return isBusy(room) && room.forMe === 0 && ["default", "everything"].includes(room.level) ? room.unread : 0;
}

/** Of how many of its messages the reader is told from outside the page. */
export function toldIn(room, preferences) {
  return { everything: room.unread, mentions: room.forMe, nothing: 0 }[levelOf(room, preferences)];
}
