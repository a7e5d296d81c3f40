import { forReaderIn, levelOf, toldIn } from "roost/core/loudness.js";

/** Of how many messages the person wants to be told, if the browser lets us, and in any case of what is for them. */
export function countTold(store) {
  // Asked once, not for each room: it waits for another process of the browser.
  const allowed = isAllowed();
  const told = (room) => Math.max(allowed ? toldIn(store, room) : 0, room.level === "nothing" ? 0 : forReaderIn(store, room));
  return store.all.reduce((sum, room) => sum + told(room), 0);
}

/** Brings what notifies as soon as somebody wants to be told; who may want it is asked after their first message. */
export function notify(app) {
  const { store } = app;
  let brought = false;
  const bring = async () => {
    if (brought || !isAllowed() || !wantsAny(store)) return;
    brought = true;
    const { showNotices } = await import("roost/features/show_notices.js");
    showNotices(app);
    store.say("rooms");
  };
  const ask = async ({ message }) => {
    if (message.author !== store.person.id) return;
    stop();
    if (window.Notification?.permission !== "default" || store.preferences.notify === "none") return;
    const { askToNotify } = await import("roost/elements/ask.js");
    askToNotify(app, bring);
  };
  const stop = store.on("arrived", ask);
  store.on("preferences", bring);
  store.on("preferred", bring);
  followPermission(bring);
  bring();
}

/** Whether the browser lets us. */
export function isAllowed() {
  return window.Notification?.permission === "granted";
}

function wantsAny(store) {
  return store.preferences.notify !== "none" || [...store.rooms.values()].some((room) => levelOf(store, room) !== "nothing");
}

/** It may be given in another tab, or in the browser's own settings. */
async function followPermission(changed) {
  const status = await navigator.permissions?.query({ name: "notifications" }).catch(() => null);
  status?.addEventListener("change", changed);
}
