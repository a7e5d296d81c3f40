/**
 * Says in passing what was done, at the top of the room, for 6 s: never the only record of a failure. An offer is
 * {label, action}: a button with these words that calls `action`, and ends the toast.
 */
export async function toast(text, offer = null) {
  // Fetched ahead in the chat; where it cannot come, nobody is worse off than without it.
  await import("roost/elements/roost-toast.js").catch(() => {});
  document.querySelector("roost-toast").say?.(text, offer);
}
