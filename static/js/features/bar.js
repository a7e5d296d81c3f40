import { drawKind, part, parts, write } from "roost/elements/parts.js";

/** Keeps the room bar, and every other place that names the room, in step with the room that is shown. */
export function fillBar({ place, store }) {
  const bar = document.querySelector(".bar");
  const draw = () => {
    const room = store.room(place.room);
    if (!room) return;
    for (const name of parts(document, "room-name")) write(name, room.name);
    write(part(bar, "room-topic"), room.topic);
    drawKind(bar.querySelector("h1 use"), room);
    if (room.members !== null) count(bar, room);
  };
  store.on("rooms", draw);
  store.on("online", draw);
  place.on("moved", draw);
}

function count(bar, { members, online }) {
  write(part(bar, "members"), `${members} ${members === 1 ? "member" : "members"}`);
  write(part(bar, "online"), `${Math.min(online, members)} online`);
}
