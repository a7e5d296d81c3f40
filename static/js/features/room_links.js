import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { pathOf } from "roost/core/place.js";
import { arrange, clone, drawKind, part, show, write } from "roost/elements/parts.js";

/** Keeps the list of rooms beside a page that is about none of them. */
export function listRooms(store) {
  const list = document.querySelector("nav#rooms ul");
  const draw = () => arrange(list, store.sorted.map((room) => rowOf(list, room)));
  store.on("rooms", onNextFrame(draw, LIVELY));
}

function rowOf(list, room) {
  const row = list.querySelector(`[data-room-id="${room.id}"]`)?.closest("li") ?? clone("room-link-template");
  const link = row.querySelector("a");
  link.dataset.roomId = room.id;
  link.href = pathOf(room);
  drawKind(link.querySelector("use"), room);
  write(link.querySelector("bdi"), room.name);
  link.classList.toggle("is-unread", room.unread > 0);
  write(part(link, "unread-count"), String(room.unread));
  show(part(link, "unread"), room.unread > 0);
  return row;
}
