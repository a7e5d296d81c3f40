import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { part, write } from "roost/elements/parts.js";
import { attempt, isBusy } from "roost/layers/attempt.js";
import { openDialog } from "roost/layers/dialog.js";

/** Asks what is wrong with somebody, or with message `number` of the open room, which is theirs. */
export function openReport({ place, socket }, { id, name }, number) {
  const dialog = openDialog("report-template");
  const form = part(dialog, "form");
  const title = number === null ? t("Report {name}", { name }) : t("Report a message of {name}", { name });
  write(part(dialog, "title"), title);
  const about = number === null ? { type: "person.report", person: id } : { type: "message.report", room: place.room, number };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { reason, note } = form.elements;
    const report = () => socket.request({ ...about, reason: reason.value, note: note.value });
    if (isBusy(dialog) || !(await attempt(dialog, report))) return;
    dialog.close();
    toast(t("Thank you. Moderators were told, and nobody learns that it was you."));
  });
}
