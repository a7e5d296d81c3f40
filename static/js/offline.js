// The page that a service worker shows in place of one it cannot reach: it returns by itself.
const EVERY = 5_000;

async function look() {
  const answer = await fetch("/readyz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}

// Under its own address it is what somebody asked for.
if (location.pathname !== "/offline") {
  setInterval(look, EVERY);
  addEventListener("online", look);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
}
