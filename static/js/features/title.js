import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { countAll } from "roost/core/loudness.js";
import { calledIn } from "roost/core/talks.js";
import { t } from "roost/core/words.js";
import { countTold } from "roost/features/notify.js";

/**
 * What tells from outside that something is new: before the tab's title the number of what the person asked to be told of
 * or what is for them, or else a dot; a dot on its icon; and both on the icon of the installed app.
 */
export function fillTitle({ boot, place, store }) {
  const community = document.title.split(" · ").slice(1).join(" · ");
  const icon = document.querySelector('link[rel="icon"]');
  const icons = { false: icon.getAttribute("href"), true: icon.dataset.unread };
  const draw = () => {
    const room = store.room(place.room ?? boot.room);
    const pages = { "catch-up": t("Catch up"), mentions: t("Mentions"), saved: t("Saved"), search: t("Search") };
    const name = pages[place.page] ?? (room && calledIn(store, room));
    const unread = countAll(store);
    const told = countTold(store);
    if (name) document.title = `${signOf(told, unread)}${name} · ${community}`;
    if (icon.getAttribute("href") !== icons[unread > 0]) icon.href = icons[unread > 0];
    setBadge(told, unread);
  };
  store.on("rooms", onNextFrame(draw, LIVELY));
  store.on("preferences", draw);
  place.on("moved", draw);
  place.on("turned", draw);
  draw();
}

function signOf(told, unread) {
  if (told > 0) return `(${told}) `;
  return unread > 0 ? "• " : "";
}

/** Not every browser has a place for it, nor lets every page there. */
function setBadge(told, unread) {
  const done = unread > 0 ? navigator.setAppBadge?.(...(told > 0 ? [told] : [])) : navigator.clearAppBadge?.();
  done?.catch(() => {});
}
