import { isFailure } from "roost/core/failures.js";

/**
 * What was written in rooms that the reader is in no longer, and cannot be sent: [{nonce, room, home, text}], the oldest
 * first, drafts last and without a nonce. The server is asked about each room that was not heard of: it tells of no thread
 * without news, and of no talk in which nothing was said yet. Not about `removed`, of which it has just told.
 */
export async function strayTexts({ drafts, outbox, socket, store }, removed = null) {
  const begun = drafts.rooms.map((room) => ({ room, home: drafts.home(room), text: drafts.read(room) }));
  const unheard = [...outbox.entries, ...begun].filter(({ room, home }) => !store.room(room) && !store.room(home));
  const gone = new Set([removed]);
  for (const [room, home] of new Map(unheard.map((each) => [each.room, each.home]))) {
    if (gone.has(home) || (room !== removed && (await isGone(socket, room)))) gone.add(room);
  }
  return unheard.filter(({ room }) => gone.has(room)).map(({ nonce, room, home, text }) => ({ nonce, room, home, text }));
}

/** The reader has no use for them. */
export function dropStrays({ drafts, outbox }, strays) {
  for (const { nonce, room } of strays) {
    if (nonce) outbox.discard(nonce);
    else drafts.drop(room);
  }
}

/** Without an answer nothing is said of it. */
async function isGone(socket, room) {
  try {
    await socket.request({ type: "message.list", room, limit: 1 });
  } catch (problem) {
    if (!isFailure(problem)) throw problem;
    return problem.code === "not_found";
  }
  return false;
}
