import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { n, t } from "roost/core/words.js";
import { drawKind, part, parts, write } from "roost/elements/parts.js";

/** Keeps the room bar, and every other place that names the room, in step with the room that is shown. */
export function fillBar({ place, store }) {
  const bar = document.querySelector(".bar");
  const draw = () => {
    const room = store.room(place.room);
    if (!room) return;
    for (const name of parts(document, "room-name")) write(name, room.name);
    for (const topic of parts(document, "room-topic")) write(topic, room.topic);
    drawKind(bar.querySelector("h1 use"), room);
    if (room.members !== null) count(bar, room);
  };
  store.on("rooms", onNextFrame(draw, LIVELY));
  store.on("online", draw);
  place.on("moved", draw);
}

function count(bar, { members, online }) {
  write(part(bar, "members"), n("{count} member", "{count} members", members));
  write(part(bar, "online"), t("{count} online", { count: Math.min(online, members) }));
}
