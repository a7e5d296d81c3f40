/** Registers the service worker, once the page is there: it answers where the network does not. */
export function keepWorker() {
  navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" });
}
