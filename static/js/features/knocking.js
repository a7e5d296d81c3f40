import { toast } from "roost/core/toast.js";
import { n, t } from "roost/core/words.js";

const QUEUE = "/settings/waiting";

/** Tells those who may let people in when one more waits. */
export function tellOfKnocks({ socket }) {
  let known = 0;
  socket.on("event", ({ type, count }) => {
    if (type !== "waiting.changed") return;
    if (count > known) {
      const said = n("{count} person waits at the door", "{count} people wait at the door", count);
      toast(said, { label: t("See who"), action: () => location.assign(QUEUE) });
    }
    known = count;
  });
}
