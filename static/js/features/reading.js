import { Timer } from "roost/core/timer.js";
import { toast } from "roost/core/toast.js";
import { n, t } from "roost/core/words.js";

const LINGER = 800;

/** Moves the read marker: when somebody looks at the end for 800 ms, and at once when they send. */
export function moveReadMarker({ live, place, sight, store }) {
  let here = null;
  const canBeRead = () => {
    const room = store.room(place.room);
    return sight.reading && room && !room.keptUnread && room.tail > room.read ? room : null;
  };
  const linger = new Timer(() => {
    const room = canBeRead();
    if (room) live.read(room.id, room.tail);
  });
  const look = () => (canBeRead() ? linger.setOnce(LINGER) : linger.clear());
  sight.on("changed", look);
  for (const type of ["focus", "blur"]) addEventListener(type, look);
  document.addEventListener("visibilitychange", look);
  place.on("moved", ({ room }) => {
    for (const id of room === here ? [] : [here, room]) store.room(id)?.letRead();
    here = room;
  });
  store.on("arrived", ({ room, message }) => {
    if (message.author === store.person.id && message.number > store.room(room).read) live.read(room, message.number);
  });
}

/** Everything is read, and can be taken back for a moment. */
export function readEverything({ live, store }) {
  const before = [...store.rooms.values()].filter(({ unread }) => unread > 0).map(({ id, read }) => ({ id, read }));
  if (before.length === 0) return;
  for (const { id } of before) live.read(id, store.room(id).number);
  toast(n("Marked {count} room as read.", "Marked {count} rooms as read.", before.length), {
    label: t("Undo"),
    action: () => before.forEach(({ id, read }) => live.unread(id, read + 1)),
  });
}
