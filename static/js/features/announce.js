import { Timer } from "roost/core/timer.js";

const MERGED_WITHIN = 1_000;

/** Speaks what others post in the open room from one polite region, several within a second as a number. */
export function announceArrivals({ place, store }) {
  const region = document.getElementById("announce");
  let waiting = [];
  const speak = new Timer(() => {
    region.textContent = waiting.length === 1 ? waiting[0] : `${waiting.length} new messages`;
    waiting = [];
  });
  store.on("arrived", ({ room, message }) => {
    if (room !== place.room || message.author === store.person.id) return;
    waiting.push(`${store.people.get(message.author).name}: ${message.text}`);
    speak.setOnce(MERGED_WITHIN);
  });
}
