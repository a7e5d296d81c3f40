import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { openConfirm } from "roost/layers/confirm.js";

/** Asks whether the reader means to leave the open room. */
export function openLeave({ place, socket, store }) {
  const { id, name, kind } = store.room(place.room);
  const back = t("You can come back any time from Browse rooms.");
  const added = t("It is private: you come back only when somebody in it adds you.");
  openConfirm({
    title: t("Leave #{room}?", { room: name }),
    text: kind === "private" ? added : back,
    no: t("Stay"),
    yes: t("Leave room"),
    run: () => socket.request({ type: "room.leave", room: id }),
  });
}

/** Asks whether somebody is to be taken out of the open room, or of that of the thread. */
export function openRemove({ place, socket, store }, person) {
  const open = store.room(place.room);
  const { id, name, kind } = open.home ?? open;
  const back = t("They can come back from Browse rooms. That you took them out is kept in the log for moderators.");
  const added = t("They see nothing more of it. That you took them out is kept in the log for moderators.");
  openConfirm({
    title: t("Take {name} out of #{room}?", { name: person.name, room: name }),
    text: kind === "private" ? added : back,
    no: t("Let them stay"),
    yes: t("Take out"),
    run: async () => {
      await socket.request({ type: "room.remove", room: id, person: person.id });
      toast(t("{name} is out of #{room}.", { name: person.name, room: name }));
    },
  });
}
