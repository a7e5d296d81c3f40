import { pathOf } from "roost/core/place.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";

export function copyRoomLink(room) {
  copyText(new URL(pathOf(room), location), t("Link copied."));
}

/** Puts a text where other programs find it, and says so with `done`. */
export async function copyText(text, done) {
  try {
    await navigator.clipboard.writeText(String(text));
    toast(done);
  } catch {
    toast(t("The browser did not let us copy. Select the text and copy it by hand."));
  }
}
