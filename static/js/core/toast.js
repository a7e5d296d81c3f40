/**
 * Says in passing what was done, at the top of the room, for 6 s: never the only record of a failure. An offer is
 * {label, action}: a button with these words that calls `action`, and ends the toast.
 */
export function toast(text, offer = null) {
  document.querySelector("roost-toast").say(text, offer);
}
