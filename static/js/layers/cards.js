import { logOf } from "roost/core/app.js";
import { isFailure } from "roost/core/failures.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";

/** Takes the card from message `number` of the open room. */
export async function removeCard(app, number) {
  const { place, socket } = app;
  try {
    await socket.request({ type: "card.remove", room: place.room, number });
  } catch (problem) {
    if (!isFailure(problem)) throw problem;
    return toast(problem.message);
  }
  logOf(app).querySelector(`[data-number="${number}"]`)?.focus({ preventScroll: true });
  toast(t("Card removed"));
}
