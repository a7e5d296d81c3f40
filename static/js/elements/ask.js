import { browserStorage, Shelf } from "roost/core/shelf.js";
import { clone, onAction, part, show } from "roost/elements/parts.js";

/** One line above the composer, once in this browser: whether to notify. The browser asks only when its button is pressed. */
export function askToNotify({ store }, granted) {
  const shelf = new Shelf(browserStorage(), `roost.asked.${store.person.id}`);
  if (shelf.get("notify")) return;
  const line = clone("ask-template");
  onAction(line, {
    allow: async () => {
      const answer = await Notification.requestPermission();
      if (answer === "granted") granted();
      ANSWERED[answer](line, shelf);
    },
    later: () => leave(line, shelf),
  });
  document.querySelector("roost-composer form").prepend(line);
}

/** Who sent the browser's question away without an answer may press again. */
const ANSWERED = { granted: leave, denied: refuse, default: () => {} };

function refuse(line, shelf) {
  shelf.set("notify", "asked");
  for (const name of ["question", "allow"]) show(part(line, name), false);
  show(part(line, "refused"), true);
}

function leave(line, shelf) {
  const focused = line.contains(document.activeElement);
  shelf.set("notify", "asked");
  line.remove();
  if (focused) document.querySelector("roost-composer").focus();
}
