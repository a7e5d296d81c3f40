import { listedIn } from "roost/core/lists.js";
import { calledIn, isTalk } from "roost/core/talks.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { leadAway } from "roost/features/rooms.js";

/** Has a room as its reader wants it: any of {favourite, muted, hidden, level}. Whether it worked. */
export async function prefer({ live }, room, wishes) {
  const done = await live.prefer(room.id, wishes);
  if (!done) toast(t("That did not work. Try again when you’re back online."));
  return done;
}

/** Takes a room out of the list, and its reader out of the room, until they open it again. */
export async function hideRoom(app, room) {
  if (!(await prefer(app, room, { hidden: true }))) return;
  // Their only room stays open.
  if (room.id === app.place.room && listedIn(app.store).length > 0) leadAway(app);
  toast(saying(app.store, room), {
    label: t("Undo"),
    action: () => prefer(app, room, { hidden: false }),
  });
}

function saying(store, room) {
  if (isTalk(room)) return t("This talk is out of the list until something new is said in it. Jump to still finds it.");
  return t("{room} is out of the list. Jump to still finds it.", { room: calledIn(store, room) });
}
