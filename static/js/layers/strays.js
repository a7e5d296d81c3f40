import { dropStrays, strayTexts } from "roost/core/stray.js";
import { t } from "roost/core/words.js";
import { onAction, part } from "roost/elements/parts.js";
import { copyText } from "roost/layers/copying.js";
import { openDialog } from "roost/layers/dialog.js";

/** Shows what can be sent nowhere, to be copied or deleted. Closed otherwise it stays on this device. */
export function openStrays(app) {
  const dialog = openDialog("strays-template");
  const text = part(dialog, "text");
  text.value = strayTexts(app).map((stray) => stray.text).join("\n\n");
  onAction(dialog, {
    copy: () => copyText(text.value, t("Text copied.")),
    drop: () => {
      dropStrays(app);
      dialog.close();
    },
  });
}
