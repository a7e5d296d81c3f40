import { CATCH_UP } from "roost/core/place.js";
import { isTalk } from "roost/core/talks.js";
import { dayKey } from "roost/core/times.js";
import { t } from "roost/core/words.js";
import { toggleDetails } from "roost/features/details.js";
import { openDayPicker, openKeys, openNewRoom, openNewTalk } from "roost/features/layers.js";
import { visit } from "roost/features/navigation.js";
import { readEverything } from "roost/features/reading.js";
import { copyRoomLink } from "roost/layers/copying.js";

/** What Jump to can do, as core/jumps.js looks it through. */
export function actionsOf(app) {
  const { place, store } = app;
  const room = store.room(place.room);
  return [
    { icon: "inbox", name: t("Catch up"), run: () => visit(CATCH_UP) },
    { icon: "compass", name: t("Browse rooms"), run: () => location.assign("/rooms") },
    { icon: "plus", name: t("Create a room"), run: () => openNewRoom(app) },
    { icon: "panel", name: t("Show or hide room details"), run: () => toggleDetails() },
    { icon: "calendar", name: t("Jump to a date"), run: () => openDayPicker(dayKey(Date.now())) },
    { icon: "pencil", name: t("New message"), run: () => openNewTalk(app) },
    { icon: "link", name: isTalk(room) ? t("Copy link") : t("Copy the link to #{room}", { room: room.name }), run: () => copyRoomLink(room) },
    { icon: "check", name: t("Mark every room as read"), run: () => readEverything(app) },
    { icon: "sliders", name: t("Settings"), run: () => location.assign("/settings") },
    { icon: "keys", name: t("Keyboard shortcuts"), run: () => openKeys() },
    { icon: "exit", name: t("Sign out"), run: () => document.querySelector(".sign-out").requestSubmit() },
  ].map((action) => ({ ...action, key: action.icon }));
}
