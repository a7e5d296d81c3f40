import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { part, show, write } from "roost/elements/parts.js";

const QUEUE = "/moderation";

/** How much waits for a moderator, beside the link to it; and a word when there is more. */
export function countReports({ socket }) {
  let known = Infinity;
  socket.on("event", ({ type, count, reports = 0 }) => {
    if (type === "session.started") known = draw(reports);
    if (type !== "reports.changed") return;
    if (count > known && document.querySelector("roost-toast")) {
      toast(t("Something was reported"), { label: t("Look"), action: () => location.assign(QUEUE) });
    }
    known = draw(count);
  });
}

function draw(count) {
  const badge = part(document, "reports");
  if (!badge) return count;
  write(part(badge, "reports-count"), String(count));
  show(badge, count > 0);
  return count;
}
