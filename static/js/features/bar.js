import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { searchPath } from "roost/core/place.js";
import { faceOf, isTalk, onlineIn, titleOf } from "roost/core/talks.js";
import { n, t } from "roost/core/words.js";
import { fillFace } from "roost/elements/face.js";
import { drawKind, part, parts, write } from "roost/elements/parts.js";

/** Keeps the room bar, and every other place that names the room, in step with the room that is shown. */
export function fillBar({ place, store }) {
  const bar = document.querySelector(".bar");
  const draw = () => {
    const room = store.room(place.room);
    if (!room) return;
    for (const name of parts(document, "room-name")) write(name, titleOf(store, room));
    for (const topic of parts(document, "room-topic")) write(topic, room.topic);
    drawKind(bar.querySelector("h1 use"), room);
    part(bar, "search-here").href = searchPath(`in:${room.slug} `);
    drawTalk(bar, store, room);
    if (room.members !== null) count(bar, room.members, onlineIn(store, room));
  };
  const drawSoon = onNextFrame(draw);
  store.on("rooms", onNextFrame(draw, LIVELY));
  store.on("online", drawSoon);
  store.on("people", drawSoon);
  place.on("moved", draw);
}

/** Who a talk is with; the style shows what is only of rooms, or only of talks. */
function drawTalk(bar, store, room) {
  const face = faceOf(store, room);
  const { dataset } = part(document, "app");
  dataset.kind = room.kind;
  if (face) dataset.pair = "";
  else delete dataset.pair;
  if (!isTalk(room)) return;
  fillFace(bar, face, store);
  write(part(bar, "about"), face ? aboutOf(face, store) : "");
}

function aboutOf({ id, handle, former }, { here, idle }) {
  const name = former ? "" : `@${handle}`;
  if (idle.has(id)) return t("Away, {handle}", { handle: name });
  return here.has(id) ? t("Here now, {handle}", { handle: name }) : name;
}

function count(bar, members, online) {
  write(part(bar, "members"), n("{count} member", "{count} members", members));
  write(part(bar, "online"), t("{count} online", { count: Math.min(online, members) }));
}
