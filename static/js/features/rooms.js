import { listedIn } from "roost/core/lists.js";
import { pathOf } from "roost/core/place.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { openStrays } from "roost/features/layers.js";
import { lead } from "roost/features/navigation.js";

/** Leads away from a room that the reader is in no longer, and follows the open one to another address. */
export function followRooms(app) {
  const { place, store } = app;
  store.on("removed", (removal) => {
    if (removal.room.id === place.room) leadAway(app);
    toast(saying(store, removal));
    openStrays(app, removal.room.id);
  });
  store.on("changed", (id) => {
    const path = pathOf(store.room(id), place.target);
    if (id === place.room && place.page === null) history.replaceState(history.state, "", path + location.hash);
  });
}

/** Whoever opens a hidden room wants to see it again. */
export function showWhatIsOpened({ live, place, socket, store }) {
  const look = () => {
    const room = store.room(place.room);
    if (socket.live && place.page === null && room?.hidden) live.prefer(room.id, { hidden: false });
  };
  place.on("moved", look);
  place.on("turned", look);
  socket.on("status", look);
}

/** To where the reader was last, or to any room of the list; without one the server has a page. */
export function leadAway({ place, recent, store }) {
  const listed = listedIn(store);
  const next = recent.rooms.map((id) => store.room(id)).find((room) => listed.includes(room)) ?? listed[0];
  if (!next) location.assign("/chat");
  else if (place.page) place.go(next.id);
  else lead(pathOf(next));
}

function saying({ people }, { room, how, by }) {
  const name = people.get(by)?.name;
  if (how === "left") return t("You left #{room}.", { room: room.name });
  if (name) return t("{name} took you out of #{room}.", { name, room: room.name });
  return t("You’re not in #{room} any more.", { room: room.name });
}
