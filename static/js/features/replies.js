import { composerOf, logOf } from "roost/core/app.js";
import { onAction } from "roost/elements/parts.js";
import { whenLoaded } from "roost/features/layers.js";

/** Answering a message, by its tools or from an empty composer, and following a quote to what it is of. */
export function offerReplies(app) {
  const log = logOf(app);
  onAction(log, { reply: (button) => reply(app, Number(button.closest(".msg").dataset.number)) });
  composerOf(app).text.addEventListener("keydown", (event) => {
    const { key, shiftKey, altKey, ctrlKey, metaKey, target, defaultPrevented } = event;
    if (key !== "ArrowUp" || !shiftKey || altKey || ctrlKey || metaKey || target.value !== "" || defaultPrevented) return;
    const latest = [...log.querySelectorAll(".msg[data-number]:not(.msg--gone, .msg--folded)")].at(-1);
    if (!latest) return;
    event.preventDefault();
    reply(app, Number(latest.dataset.number));
  });
  // The link leads there by itself; this finds the way back, in the room: a thread is short, and has no button for it.
  log.addEventListener("click", ({ target }) => {
    const quote = app.root === document && target.closest(".quote");
    if (quote) whenLoaded(import("roost/layers/way_back.js"), ({ offerWayBack }) => offerWayBack(app, quote.closest(".msg")));
  });
}

/** Whether a message of the open room, or thread, can be answered here. */
export function mayReply(app, { removed = false }) {
  return !removed && !composerOf(app).shut;
}

export function reply(app, number) {
  if (mayReply(app, app.store.room(app.place.room).message(number))) composerOf(app).answer(number);
}
