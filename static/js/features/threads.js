import { pathOf, threadPathOf } from "roost/core/place.js";
import { onAction, part } from "roost/elements/parts.js";
import { showThread } from "roost/features/layers.js";
import { lead, visit } from "roost/features/navigation.js";

/**
 * The thread beside the room, which the address tells. On a wide page it stands in the place of the details, on a narrower one
 * over the room's edge; on a phone it is a view of its own.
 */
export function offerThreads(app) {
  const { place, socket } = app;
  onAction(document, {
    "close-thread": () => closeThread(app),
    "open-thread": (button) => openThread(app, Number(button.closest(".msg").dataset.number)),
  });
  let last = place.beside;
  const follow = () => {
    if (place.beside !== null) showThread(app);
    else hide(last);
    last = place.beside;
  };
  place.on("beside", follow);
  // One that is not known yet waits for the server.
  socket.on("status", () => socket.live && place.beside !== null && showThread(app));
  follow();
}

export function openThread({ place, store }, number) {
  visit(threadPathOf(store.room(place.room), number));
}

/** Esc in the thread closes it: whether it was there. */
export function leaveThread(app, element) {
  if (!element.closest("roost-thread")) return false;
  closeThread(app);
  return true;
}

function closeThread({ place, store }) {
  if (history.state?.beside) history.back();
  else lead(pathOf(store.room(place.room), place.target));
}

/** The focus goes back to the message that it is about. */
function hide(number) {
  const panel = document.querySelector("roost-thread");
  const held = panel?.contains(document.activeElement);
  delete part(document, "app").dataset.beside;
  panel?.close();
  const item = held && document.querySelector(`#log [data-number="${number}"]`);
  if (item) (part(item, "replies") ?? item).focus({ preventScroll: true });
}
