import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { part, write } from "roost/elements/parts.js";
import { attempt, isBusy } from "roost/layers/attempt.js";
import { openDialog } from "roost/layers/dialog.js";
import { undoing } from "roost/layers/muting.js";

/** Asks whether somebody is to be put out of the community: one button, and a way back after it. */
export function openBan({ socket }, { id, name }) {
  const dialog = openDialog("ban-template");
  const form = part(dialog, "form");
  write(part(dialog, "title"), t("Ban {name}?", { name }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const ban = async () => {
      const { act } = await socket.request({ type: "member.ban", person: id, reason: form.elements.reason.value });
      toast(t("{name} is banned.", { name }), undoing(socket, act));
    };
    if (!isBusy(dialog) && (await attempt(dialog, ban))) dialog.close();
  });
}
