import { composerOf, logOf } from "roost/core/app.js";
import { titleOf } from "roost/core/talks.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { part, show, write } from "roost/elements/parts.js";
import { attempt, isBusy } from "roost/layers/attempt.js";
import { openDialog } from "roost/layers/dialog.js";

/** Asks whether message `number` of the open room is to go, one's own or somebody else's. */
export function openRemoveMessage(app, number) {
  const { edits, place, socket, store } = app;
  const room = store.room(place.room);
  const isOwn = room.message(number).author === store.person.id;
  const item = logOf(app).querySelector(`[data-number="${number}"]`);
  const dialog = openDialog("remove-message-template");
  const own = t("It disappears for everyone in #{room}.", { room: titleOf(store, room) });
  const other = t("It disappears for everyone in #{room}. In its place they see that a moderator removed it.", { room: titleOf(store, room) });
  write(part(dialog, "text"), isOwn ? own : other);
  part(dialog, "sample").append(sampleOf(item));
  show(part(dialog, "why"), !isOwn);
  part(dialog, "form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy(dialog)) return;
    const why = isOwn ? {} : { reason: part(dialog, "reason").value };
    if (!(await attempt(dialog, () => socket.request({ type: "message.remove", room: room.id, number, ...why })))) return;
    edits.drop(room.id, number);
    dialog.close();
    neighbour(app, item)?.focus({ preventScroll: true });
    toast(t("Message removed"));
  });
}

/** As it stands in the log, to look at only. */
function sampleOf(item) {
  const sample = item.cloneNode(true);
  for (const name of ["id", "tabindex", "data-number"]) sample.removeAttribute(name);
  sample.classList.remove("msg--grouped", "msg--editing", "is-target");
  for (const extra of sample.querySelectorAll('.tools, [data-part="editing"], [data-part="edited"]')) extra.remove();
  sample.inert = true;
  return sample;
}

/** Whoever walks through the log goes on from there. */
function neighbour(app, item) {
  const next = [item.nextElementSibling, item.previousElementSibling].find((each) => each?.matches(".msg"));
  return next ?? composerOf(app);
}
