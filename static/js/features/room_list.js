import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { clone } from "roost/elements/parts.js";
import { drawLists, fillMentions, fillRoomLink } from "roost/features/room_links.js";

/** Keeps the list of rooms beside a page that is about none of them. */
export function listRooms(store) {
  const rooms = document.querySelector("nav#rooms");
  const draw = () => {
    drawLists(rooms, store.listed(), (room) => rowOf(rooms, room));
    fillMentions(rooms, store.forMe);
  };
  store.on("rooms", onNextFrame(draw, LIVELY));
}

function rowOf(root, room) {
  const row = root.querySelector(`[data-room-id="${room.id}"]`)?.closest("li") ?? clone("room-link-template");
  fillRoomLink(row.querySelector("a"), room);
  return row;
}
