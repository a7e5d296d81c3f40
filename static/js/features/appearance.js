/** Makes the page look as the person likes it, in the words of templates/base.html. */
export function dress({ theme, density, message_size: messageSize, reduce_motion: still }) {
  Object.assign(document.documentElement.dataset, { theme, density, messageSize, motion: still ? "still" : "device" });
}

/** Keeps to what is chosen on any device of the person. */
export function followPreferences({ store }) {
  store.on("preferences", () => dress(store.preferences));
}
