import { countIn, forReaderIn, isNew } from "roost/core/loudness.js";
import { pathOf } from "roost/core/place.js";
import { faceOf, isTalk, titleOf } from "roost/core/talks.js";
import { fillFace } from "roost/elements/face.js";
import { arrange, clone, drawKind, part, show, write } from "roost/elements/parts.js";

/** The lists of the sidebar, as core/lists.js has them; `toRow` gives the row of a room. */
export function drawLists(root, lists, toRow) {
  for (const [key, rooms] of Object.entries(lists)) arrange(part(root, key), rooms.map(toRow));
}

/** The way to the mentions, of which so many are new. */
export function fillMentions(root, count) {
  part(root, "mentions").classList.toggle("is-unread", count > 0);
  fillBadge(root, "mentions-badge", "mentions-count", count);
}

/** The row of a room, which may have come while the page was open. */
export function rowOf(root, room) {
  const known = root.querySelector(`[data-room-id="${room.id}"]`)?.closest("li");
  return known ?? clone(isTalk(room) ? "talk-link-template" : "room-link-template");
}

/** What the row of a room looks like, in each list of rooms. `seen`: its reader looks at the end of it. */
export function fillRoomLink(link, store, room, seen = false) {
  if (link.dataset.room !== room.slug) link.href = pathOf(room);
  link.dataset.room = room.slug;
  link.dataset.roomId = room.id;
  if (isTalk(room)) drawTalk(link, store, room);
  else drawKind(link.querySelector("use"), room);
  write(link.querySelector("bdi"), titleOf(store, room));
  link.classList.toggle("is-unread", !seen && isNew(store, room));
  link.classList.toggle("is-muted", room.muted);
  show(part(link, "muted"), room.muted);
  fillBadge(link, "for-me", "for-me-count", seen ? 0 : forReaderIn(store, room));
  fillBadge(link, "unread", "unread-count", seen ? 0 : countIn(store, room));
}

function drawTalk(link, store, room) {
  const face = faceOf(store, room);
  fillFace(link, face, store);
  const isIdle = store.idle.has(face?.id);
  show(part(link, "here-too"), store.here.has(face?.id) && !isIdle);
  show(part(link, "idle"), isIdle);
}

function fillBadge(root, badge, number, count) {
  write(part(root, number), String(count));
  show(part(root, badge), count > 0);
}
