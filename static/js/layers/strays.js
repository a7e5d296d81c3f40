import { dropStrays, strayTexts } from "roost/core/stray.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { onAction, part } from "roost/elements/parts.js";
import { copyText } from "roost/layers/copying.js";
import { openDialog } from "roost/layers/dialog.js";

/** Says that something can be sent nowhere, if something is there. */
export async function tellOfStrays(app) {
  const strays = await strayTexts(app);
  if (strays.length === 0) return;
  toast(t("Something you wrote can’t be sent any more."), { label: t("Show it"), action: () => show(app, strays) });
}

/** Shows what can be sent nowhere, if some of it was written in room `id` or in a thread there. */
export async function openStrays(app, id) {
  const strays = await strayTexts(app, id);
  if (strays.some(({ room, home }) => room === id || home === id)) show(app, strays);
}

/** To be copied or deleted. Closed otherwise it stays on this device. */
function show(app, strays) {
  const dialog = openDialog("strays-template");
  const text = part(dialog, "text");
  text.value = strays.map((stray) => stray.text).join("\n\n");
  onAction(dialog, {
    copy: () => copyText(text.value, t("Text copied.")),
    drop: () => {
      dropStrays(app, strays);
      dialog.close();
    },
  });
}
