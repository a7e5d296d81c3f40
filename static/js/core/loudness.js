import { isBlocked, isTalk } from "roost/core/talks.js";

/**
 * How loud a room is to its reader, who may have muted it, hidden it, or chosen of what they want to be told there: the one
 * place that says what is new, what is counted, and what is for them. What is said in a talk is. As app/handlers/sidebar.py
 * draws it first.
 */

const USUAL = { all: "everything", mentions: "mentions", none: "nothing" };
const USUAL_IN_TALKS = { ...USUAL, mentions: "everything" };

/** Of what the reader is told from outside the page: "everything", "mentions" or "nothing". */
export function levelOf(store, room) {
  if (isBlocked(store, room)) return "nothing";
  const usual = isTalk(room) ? USUAL_IN_TALKS : USUAL;
  const chosen = room.level === "default" ? usual[store.preferences.notify] : room.level;
  return isQuiet(store, room) && chosen === "everything" ? "mentions" : chosen;
}

/** Whether what is posted there leaves the room as it looks. A hidden talk comes back. */
export function isQuiet(store, room) {
  return room.muted || (room.hidden && !isTalk(room)) || isBlocked(store, room);
}

/** Whether it has something new that its reader may have missed. */
export function isBusy(store, room) {
  return room.unread > 0 && !isQuiet(store, room);
}

/** Whether something new makes it stand out. */
export function isNew(store, room) {
  return isBusy(store, room) || forReaderIn(store, room) > 0;
}

/** How many of its unread messages are for the reader. */
export function forReaderIn(store, room) {
  if (isBlocked(store, room)) return 0;
  return isTalk(room) && isBusy(store, room) ? room.unread : room.forMe;
}

/** The number beside it, unless there is one of what is for the reader; who chose less than everything is shown none. */
export function countIn(store, room) {
  const counts = ["default", "everything"].includes(room.level) && forReaderIn(store, room) === 0;
  return counts && isBusy(store, room) ? room.unread : 0;
}

/** How many threads that the reader follows have something new. */
export function newThreads(store) {
  return [...store.threads.values()].filter((thread) => isBusy(store, thread)).length;
}

/** What is counted in all rooms and threads. */
export function countAll(store) {
  return store.all.reduce((sum, room) => sum + countIn(store, room) + forReaderIn(store, room), 0);
}

/** Of how many of its messages the reader is told from outside the page. */
export function toldIn(store, room) {
  return { everything: room.unread, mentions: room.forMe, nothing: 0 }[levelOf(store, room)];
}
