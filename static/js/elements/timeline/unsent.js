import { app } from "roost/core/app.js";
import { onAction } from "roost/elements/parts.js";

/** The buttons under a message that was not sent. */
export function handleUnsent(log) {
  onAction(log, {
    retry: (button) => app.outbox.retry(nonceOf(button)),
    discard: (button) => app.outbox.discard(nonceOf(button)),
    edit: (button) => editAgain(nonceOf(button)),
  });
}

/** Back into the composer, before what is being written there. */
function editAgain(nonce) {
  const entry = app.outbox.discard(nonce);
  if (entry) document.querySelector("roost-composer").takeBack(entry.text);
}

function nonceOf(button) {
  return button.closest("[data-nonce]").dataset.nonce;
}
