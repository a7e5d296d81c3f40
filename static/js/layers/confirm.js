import { part, write } from "roost/elements/parts.js";
import { attempt, isBusy } from "roost/layers/attempt.js";
import { openDialog } from "roost/layers/dialog.js";

/**
 * Asks before something that is not easily undone. `yes` calls `run`, and stays open with the reason when that fails. What is
 * `harmless` is what Enter does.
 */
export function openConfirm({ title, text, no, yes, run, harmless = false }) {
  const dialog = openDialog("confirm-template");
  write(part(dialog, "title"), title);
  write(part(dialog, "text"), text);
  write(part(dialog, "no"), no);
  write(part(dialog, "submit"), yes);
  part(dialog, "submit").classList.toggle("btn--danger", !harmless);
  part(dialog, "submit").classList.toggle("btn--primary", harmless);
  if (harmless) part(dialog, "submit").focus();
  part(dialog, "form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!isBusy(dialog) && (await attempt(dialog, run))) dialog.close();
  });
}
