import { Timer } from "roost/core/timer.js";

const SOONEST = 30_000;
const LATEST = 60_000;

/** When the server is of another release than this page, a fresh page takes its place: while nobody looks or writes. */
export function reloadAfterUpgrade({ boot, drafts, outbox, place, socket }) {
  let upgraded = false;
  const reload = new Timer(() => socket.live && !drafts.has(place.room) && outbox.entries.length === 0 && location.reload());
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
