import { countIn, isNew } from "roost/core/loudness.js";
import { pathOf } from "roost/core/place.js";
import { arrange, drawKind, part, show, write } from "roost/elements/parts.js";

/** Both lists of the sidebar, `lists` as the store has them; `rowOf` gives the row of a room. */
export function drawLists(root, lists, rowOf) {
  for (const [key, rooms] of Object.entries(lists)) arrange(part(root, key), rooms.map(rowOf));
  show(part(root, "favourites").closest("section"), lists.favourites.length > 0);
}

/** The way to the mentions, of which so many are new. */
export function fillMentions(root, count) {
  part(root, "mentions").classList.toggle("is-unread", count > 0);
  write(part(root, "mentions-count"), String(count));
  show(part(root, "mentions-badge"), count > 0);
}

/** What the row of a room looks like, in each list of rooms. `seen`: its reader looks at the end of it. */
export function fillRoomLink(link, room, seen = false) {
  const [count, forMe] = seen ? [0, 0] : [countIn(room), room.forMe];
  if (link.dataset.room !== room.slug) link.href = pathOf(room);
  link.dataset.room = room.slug;
  link.dataset.roomId = room.id;
  drawKind(link.querySelector("use"), room);
  write(link.querySelector("bdi"), room.name);
  link.classList.toggle("is-unread", !seen && isNew(room));
  link.classList.toggle("is-muted", room.muted);
  show(part(link, "muted"), room.muted);
  write(part(link, "for-me-count"), String(forMe));
  show(part(link, "for-me"), forMe > 0);
  write(part(link, "unread-count"), String(count));
  show(part(link, "unread"), count > 0);
}
