/** Whether the person wants to be told of every message, and the browser lets us. */
export function isTold({ preferences }) {
  return preferences.notify === "all" && window.Notification?.permission === "granted";
}

/** Brings what notifies as soon as somebody wants to be told; who may want it is asked after their first message. */
export function notify(app) {
  const { store } = app;
  let brought = false;
  const bring = async () => {
    if (brought || !isTold(store)) return;
    brought = true;
    const { showNotices } = await import("roost/features/show_notices.js");
    showNotices(app);
    store.say("rooms");
  };
  const ask = async ({ message }) => {
    if (message.author !== store.person.id) return;
    stop();
    if (window.Notification?.permission !== "default" || store.preferences.notify !== "all") return;
    const { askToNotify } = await import("roost/elements/ask.js");
    askToNotify(app, bring);
  };
  const stop = store.on("arrived", ask);
  store.on("preferences", bring);
  followPermission(bring);
  bring();
}

/** It may be given in another tab, or in the browser's own settings. */
async function followPermission(changed) {
  const status = await navigator.permissions?.query({ name: "notifications" }).catch(() => null);
  status?.addEventListener("change", changed);
}
