import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { firstOf, listsOf } from "roost/core/lists.js";
import { drawLists, fillMentions, fillRoomLink, rowOf } from "roost/features/room_links.js";

/** Keeps the lists beside a page that is about no room. */
export function listRooms(store) {
  const nav = document.querySelector("nav#rooms");
  const draw = () => {
    const lists = listsOf(store);
    drawLists(nav, { ...lists, talks: firstOf(store, lists.talks) }, (room) => filledRow(nav, store, room));
    fillMentions(nav, store.forMe);
  };
  store.on("rooms", onNextFrame(draw, LIVELY));
}

function filledRow(nav, store, room) {
  const row = rowOf(nav, room);
  fillRoomLink(row.querySelector("a"), store, room);
  return row;
}
