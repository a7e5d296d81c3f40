/** What was written in rooms that the reader is in no longer, and cannot be sent: [{room, text}], the oldest first. */
export function strayTexts({ drafts, outbox, store }) {
  const isGone = ({ room }) => !store.rooms.has(room);
  const begun = drafts.rooms.map((room) => ({ room, text: drafts.read(room) }));
  return [...outbox.entries, ...begun].filter(isGone).map(({ room, text }) => ({ room, text }));
}

/** The reader has no use for it. */
export function dropStrays({ drafts, outbox, store }) {
  for (const { room, nonce } of outbox.entries) if (!store.rooms.has(room)) outbox.discard(nonce);
  for (const room of drafts.rooms) if (!store.rooms.has(room)) drafts.drop(room);
}
