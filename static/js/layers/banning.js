import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { part, write } from "roost/elements/parts.js";
import { attempt, isBusy } from "roost/layers/attempt.js";
import { openDialog } from "roost/layers/dialog.js";
import { undoing } from "roost/layers/muting.js";

/** Removing what somebody wrote in years takes its time. */
const LONG = 120_000;

/**
 * Asks whether somebody is to be put out of the community: one button, and a way back after it. `withMessages`: what they
 * wrote goes, too, unless that is switched off.
 */
export function openBan({ socket }, { id, name }, withMessages = false) {
  const dialog = openDialog("ban-template");
  const form = part(dialog, "form");
  write(part(dialog, "title"), t("Ban {name}?", { name }));
  const box = form.querySelector("[type=checkbox]");
  box.checked = withMessages;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const ban = async () => {
      const terms = { reason: form.elements.reason.value, with_messages: box.checked };
      const { act } = await socket.request({ type: "member.ban", person: id, ...terms }, LONG);
      toast(t("{name} is banned.", { name }), undoing(socket, act));
    };
    if (!isBusy(dialog) && (await attempt(dialog, ban))) dialog.close();
  });
}
