import { app } from "roost/core/app.js";
import { onAction } from "roost/elements/parts.js";
import { whenLoaded } from "roost/features/layers.js";

/** Answering a message, by its tools or from an empty composer, and following a quote to what it is of. */
export function offerReplies() {
  const log = document.querySelector("roost-timeline");
  onAction(log, { reply: (button) => reply(Number(button.closest(".msg").dataset.number)) });
  composer().text.addEventListener("keydown", (event) => {
    const { key, shiftKey, altKey, ctrlKey, metaKey, target, defaultPrevented } = event;
    if (key !== "ArrowUp" || !shiftKey || altKey || ctrlKey || metaKey || target.value !== "" || defaultPrevented) return;
    const latest = [...log.querySelectorAll(".msg[data-number]:not(.msg--gone, .msg--folded)")].at(-1);
    if (!latest) return;
    event.preventDefault();
    reply(Number(latest.dataset.number));
  });
  // The link leads there by itself; this finds the way back.
  log.addEventListener("click", ({ target }) => {
    const quote = target.closest(".quote");
    if (quote) whenLoaded(import("roost/layers/way_back.js"), ({ offerWayBack }) => offerWayBack(app, quote.closest(".msg")));
  });
}

/** Whether a message of the open room can be answered here. */
export function mayReply({ removed = false }) {
  return !removed && !composer().shut;
}

export function reply(number) {
  if (mayReply(app.store.room(app.place.room).message(number))) composer().answer(number);
}

function composer() {
  return document.querySelector("roost-composer");
}
