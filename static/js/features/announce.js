import { isAct, said, saidIn } from "roost/core/said.js";
import { Timer } from "roost/core/timer.js";
import { n, t } from "roost/core/words.js";

const MERGED_WITHIN = 1_000;

/** Speaks what others post in the open room from one polite region, several within a second as a number, to who wants it. */
export function announceArrivals({ place, store }) {
  const region = document.getElementById("announce");
  let waiting = [];
  const speak = new Timer(() => {
    const { length } = waiting;
    region.textContent = length === 1 ? waiting[0] : n("{count} new message", "{count} new messages", length);
    waiting = [];
  });
  store.on("arrived", ({ room, message }) => {
    const here = room === place.room && place.page === null;
    if (!store.preferences.speak || !here || message.author === store.person.id) return;
    if (store.blocked.has(message.author)) return;
    waiting.push(spoken(store, store.room(room), message));
    speak.setOnce(MERGED_WITHIN);
  });
}

function spoken({ people }, room, message) {
  const { name } = people.get(message.author);
  const other = people.get(room.quote(message.reply_to)?.author);
  if (!other) return said(message, name);
  const text = isAct(message) ? said(message, name) : saidIn(message);
  return t("{name}, in reply to {other}: {text}", { name, other: other.name, text });
}
