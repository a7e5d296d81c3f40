import { dayKey } from "roost/core/times.js";

const GROUP_SPAN = 5 * 60_000;

/** Whether nothing of a message is left to see: its author has removed it, and nobody had answered it. */
export function hasVanished({ removed = false, removed_by: by = null, answered = false }) {
  return removed && by === null && !answered;
}

/**
 * What the timeline shows, by day: [{key, at, items}], an item being {kind: "message", message, replyTo, grouped},
 * {kind: "pending", entry, at, replyTo, grouped} or {kind: "line", at}. The new-messages line stands before the first message past
 * `readUpTo` (null: none) that somebody else wrote, or anybody when it stands there `byHand`; if the one before it is shown
 * too or is the reader's own beginning.
 */
export function daysOf(messages, pending, { me, readUpTo, byHand = false }) {
  const days = [];
  const line = firstNew(messages, byHand ? null : me, readUpTo);
  let last = null;
  const drawn = messages.filter((message) => !hasVanished(message));
  for (const row of [...drawn.map(ofMessage), ...pending.map((entry) => ofEntry(entry, me, messages.at(-1)))]) {
    const day = dayFor(days, row.at);
    const cut = row.message !== undefined && row.message === line;
    if (cut) day.items.push({ kind: "line", at: row.at });
    day.items.push({ ...row, grouped: !cut && isGrouped(last, row) });
    last = row;
  }
  return days;
}

function firstNew(messages, me, readUpTo) {
  if (readUpTo === null || messages.length === 0 || messages[0].number > readUpTo + 1) return null;
  return messages.find((message) => message.number > readUpTo && message.author !== me && !hasVanished(message));
}

/** A message as a row, before it is known what it stands below. */
export function ofMessage(message) {
  return { kind: "message", message, at: message.at, author: message.author, replyTo: message.reply_to ?? null };
}

/** Not before the last message, whatever the reader's own clock says: it stands below it. */
function ofEntry(entry, me, newest) {
  return { kind: "pending", entry, at: Math.max(entry.at, newest?.at ?? 0), author: me, replyTo: entry.replyTo ?? null };
}

function dayFor(days, at) {
  const key = dayKey(at);
  if (days.at(-1)?.key !== key) days.push({ key, at, items: [] });
  return days.at(-1);
}

function isGrouped(last, row) {
  return (
    last !== null &&
    row.replyTo === null &&
    last.author === row.author &&
    row.at - last.at <= GROUP_SPAN &&
    dayKey(last.at) === dayKey(row.at)
  );
}
