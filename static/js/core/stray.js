/** What was written in rooms that the reader is in no longer, and cannot be sent: [{room, text}], the oldest first. */
export function strayTexts({ drafts, outbox, store }) {
  const isGone = goneFrom(store);
  const begun = drafts.rooms.map((room) => ({ room, text: drafts.read(room) }));
  return [...outbox.entries, ...begun].filter(isGone).map(({ room, text }) => ({ room, text }));
}

/** The reader has no use for it. */
export function dropStrays({ drafts, outbox, store }) {
  const isGone = goneFrom(store);
  for (const entry of outbox.entries) if (isGone(entry)) outbox.discard(entry.nonce);
  for (const room of drafts.rooms) if (isGone({ room })) drafts.drop(room);
}

/** A thread need not have been heard of: it is there while its room, the `home` of what waits to be sent, is. */
function goneFrom(store) {
  return ({ room, home = room }) => !store.room(room) && !store.room(home);
}
