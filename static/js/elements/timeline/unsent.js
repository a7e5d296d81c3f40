import { app, appOf, composerOf } from "roost/core/app.js";
import { rewritten } from "roost/core/outbox.js";
import { toast } from "roost/core/toast.js";
import { n, t } from "roost/core/words.js";
import { onAction } from "roost/elements/parts.js";

/** The buttons under a message that was not sent. */
export function handleUnsent(log) {
  onAction(log, {
    retry: (button) => app.outbox.retry(nonceOf(button)),
    discard: (button) => discard([nonceOf(button)]),
    edit: (button) => editAgain(nonceOf(button), appOf(log)),
  });
}

/** Gone, and back when that was a mistake. */
export function discard(nonces) {
  const entries = nonces.map((nonce) => app.outbox.takeBack(nonce)).filter(Boolean);
  if (entries.length === 0) return;
  toast(n("Deleted {count} message.", "Deleted {count} messages.", entries.length), {
    label: t("Undo"),
    action: () => app.outbox.putBack(entries),
  });
}

/** Back into the composer, before what is being written there. */
export function editAgain(nonce, here) {
  const entry = app.outbox.takeBack(nonce);
  if (entry) composerOf(here).takeBack(rewritten(entry), entry);
}

function nonceOf(button) {
  return button.closest("[data-nonce]").dataset.nonce;
}
