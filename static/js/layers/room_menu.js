import { calledIn } from "roost/core/talks.js";
import { t } from "roost/core/words.js";
import { hideRoom, prefer } from "roost/layers/preferring.js";
import { openMenu } from "roost/layers/menu.js";

const LEVELS = ["default", "everything", "mentions", "nothing"];

/** How the reader wants to have a room: beside its row in the list, or its bar. */
export function openRoomMenu(app, room, anchor) {
  const { favourite, muted, level } = room;
  const actions = {
    favourite: () => prefer(app, room, { favourite: !favourite }),
    muted: () => prefer(app, room, { muted: !muted }),
    hide: () => hideRoom(app, room),
    ...Object.fromEntries(LEVELS.map((each) => [each, () => prefer(app, room, { level: each })])),
  };
  const chosen = new Set([...(favourite ? ["favourite"] : []), ...(muted ? ["muted"] : []), level]);
  const side = anchor.matches(".tool") ? "end" : "start";
  openMenu("room-menu-template", actions, { anchor, side }, chosen).ariaLabel = t("{room} for me", { room: calledIn(app.store, room) });
}
