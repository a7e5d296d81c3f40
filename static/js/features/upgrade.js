import { Timer } from "roost/core/timer.js";
import { isLayerOpen } from "roost/elements/parts.js";

const SOONEST = 30_000;
const LATEST = 60_000;

/** When the server is of another release than this page, a fresh page takes its place: while nobody looks, writes or sends files. */
export function reloadAfterUpgrade(app) {
  const { boot, drafts, outbox, place, socket } = app;
  let upgraded = false;
  const isIdle = () => !drafts.has(place.room) && outbox.entries.length === 0 && !app.uploads?.busy && !isLayerOpen();
  const reload = new Timer(() => socket.live && isIdle() && location.reload());
  const wait = () => {
    if (upgraded && document.hidden) reload.setOnce(SOONEST + Math.random() * (LATEST - SOONEST));
    else reload.clear();
  };
  const look = () => {
    if (!socket.live) return;
    upgraded = socket.release !== boot.release;
    wait();
  };
  socket.on("status", look);
  document.addEventListener("visibilitychange", wait);
  look();
}
