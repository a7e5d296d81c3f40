import { Timer } from "roost/core/timer.js";

const LINGER = 800;

/** Moves the read marker: when somebody looks at the end for 800 ms, and at once when they send. */
export function moveReadMarker({ live, place, sight, store }) {
  const read = () => {
    const room = store.room(place.room);
    if (room && sight.reading && room.tail > room.read) live.read(room.id, room.tail);
  };
  const linger = new Timer(read);
  const look = () => {
    const room = store.room(place.room);
    if (sight.reading && room?.tail > room?.read) linger.setOnce(LINGER);
    else linger.clear();
  };
  sight.on("changed", look);
  for (const type of ["focus", "blur"]) addEventListener(type, look);
  document.addEventListener("visibilitychange", look);
  store.on("arrived", ({ room, message }) => {
    if (message.author === store.person.id && message.number > store.room(room).read) live.read(room, message.number);
  });
}
