import { pathOf } from "roost/core/place.js";
import { shutBy } from "roost/core/rights.js";
import { saidIn } from "roost/core/said.js";
import { calledIn, isTalk, shutTalk } from "roost/core/talks.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { part, show, write } from "roost/elements/parts.js";
import { visit } from "roost/features/navigation.js";
import { roomsOf, talksWith } from "roost/layers/destinations.js";
import { openDialog } from "roost/layers/dialog.js";
import { openSwitcher } from "roost/layers/switcher.js";

const LINES = 12;
const ROOM_FOR_MORE = 200;

/** Asks where message `number` of the open room is to be passed on to, and what is to be said to it. */
export function openForward(app, number) {
  const { place, store } = app;
  const from = store.room(place.room);
  const open = ({ room }) => shutBy(store.person, room, store.mutedUntil) === null && !(isTalk(room) && shutTalk(store, room));
  const to = (jump) => ({ ...jump, run: () => openComment(app, from, from.message(number), jump.room) });
  openSwitcher(app, {
    things: { rooms: roomsOf(app).filter(open).map(to), talks: talksWith(app).filter(open).map(to) },
    label: t("Forward to…"),
  });
}

function openComment(app, from, message, to) {
  const dialog = openDialog("forward-template");
  const comment = part(dialog, "comment");
  const quote = quoteOf(message, app.store.textLimit);
  write(part(dialog, "title"), t("Forward to {room}", { room: calledIn(app.store, to) }));
  write(part(dialog, "quote"), quote);
  write(part(dialog, "who"), whoReads(app.store, from, to));
  show(part(dialog, "opens"), from.kind !== "public" && to.kind === "public");
  const link = new URL(pathOf(from, message.number), location);
  part(dialog, "form").addEventListener("submit", (event) => {
    event.preventDefault();
    const said = comment.value.trim();
    app.outbox.add(to.id, [said, quoted(quote), String(link)].filter(Boolean).join("\n"));
    dialog.close();
    toast(t("Forwarded to {room}.", { room: calledIn(app.store, to) }), { label: t("Go there"), action: () => visit(pathOf(to)) });
  });
}

/** So much of the text that a comment and the link have room beside it. */
function quoteOf(message, limit) {
  const text = saidIn(message);
  const lines = text.split("\n");
  const begun = lines.slice(0, LINES).join("\n").slice(0, Math.floor(limit / 2) - ROOM_FOR_MORE);
  return begun === text ? text : `${begun.trimEnd()} …`;
}

function quoted(text) {
  return text.split("\n").map((line) => `> ${line}`).join("\n");
}

function whoReads(store, from, to) {
  if (from === to) return "";
  return isTalk(from)
    ? t("Who is not part of that conversation reads the words, and cannot open the link.")
    : t("Who is not in {room} reads the words, and cannot open the link.", { room: calledIn(store, from) });
}
