import { nameKeys } from "roost/core/keys.js";
import { clone, onAction } from "roost/elements/parts.js";

/** Opens the dialog that a template holds. A press beside it closes it; the browser then gives the focus back. */
export function openDialog(template) {
  const dialog = clone(template);
  let pressed = null;
  nameKeys(dialog);
  onAction(dialog, { close: () => dialog.close() });
  dialog.addEventListener("pointerdown", ({ target }) => (pressed = target));
  // Not where a selection that began inside ends.
  dialog.addEventListener("click", ({ target }) => target === dialog && pressed === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    bringCaret(document.activeElement);
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Chromium gives a text its focus back and leaves the caret in the dialog: what is typed then would go nowhere. */
function bringCaret(field) {
  if (typeof field.selectionStart === "number") field.setSelectionRange(field.selectionStart, field.selectionEnd);
}
