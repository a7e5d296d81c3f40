/**
 * Tries at once when there is reason to hope, and leaves for the door when the session is over, with the drafts kept;
 * unless the page `leaves` by itself.
 */
export function hurryBack({ drafts, socket, leaves = () => false }) {
  addEventListener("online", () => socket.hurry());
  addEventListener("offline", () => socket.hurry());
  addEventListener("pageshow", (event) => event.persisted && socket.hurry());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && socket.hurry());
  socket.on("status", () => {
    if (socket.status !== "ended" || leaves()) return;
    drafts?.flush();
    location.assign(`/?notice=${socket.banned ? "banned" : "signed_out"}`);
  });
}
