import { Idleness } from "roost/core/idleness.js";

const TOUCHES = ["pointerdown", "wheel", "keydown"];

/** Tells the server when nobody has touched the page for a while, and when somebody does again. */
export function tellOfRest({ live, socket }) {
  const idleness = new Idleness((idle) => live.rest(idle));
  for (const type of TOUCHES) addEventListener(type, () => idleness.touch(), { capture: true, passive: true });
  document.addEventListener("visibilitychange", () => (document.hidden ? idleness.hide() : idleness.touch()));
  // Each connection begins as one in use.
  socket.on("status", () => socket.live && idleness.idle && live.rest(true));
}
