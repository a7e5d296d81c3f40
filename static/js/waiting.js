// The page of who waits to be let in: it asks how things stand, often at first, and becomes what the answer leads to.
const SOON = 2_000;
const LATE = 15_000;
const SLOWER = 1.05;

const state = document.querySelector("[data-state]").dataset.state;
let pause = SOON;
let timer = null;

async function look() {
  clearTimeout(timer);
  const answer = await fetch("/waiting", { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
  const now = answer?.ok ? (await answer.json()).state : state;
  if (now !== state) return location.reload();
  pause = Math.min(LATE, pause * SLOWER);
  clearTimeout(timer);
  timer = setTimeout(look, pause);
}

function hurry() {
  pause = SOON;
  look();
}

timer = setTimeout(look, pause);
addEventListener("online", hurry);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hurry());
