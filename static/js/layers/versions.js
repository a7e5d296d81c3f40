import { isoTime, momentLabel } from "roost/core/times.js";
import { clone, onAction, part, show, write } from "roost/elements/parts.js";
import { openDialog } from "roost/layers/dialog.js";

/** What message `number` of the open room says and said before, the newest first. */
export function openVersions({ live, place, store }, number) {
  const room = store.room(place.room);
  const { text = "", edited } = room.message(number);
  const dialog = openDialog("versions-template");
  const list = part(dialog, "list");
  list.append(versionOf({ text, at: edited }));
  let oldest = null;
  const more = async () => {
    show(part(dialog, "problem"), false);
    const page = await live.versions(room.id, number, oldest);
    show(part(dialog, "problem"), page === null);
    show(part(dialog, "more"), page === null || !page.last);
    if (!page) return;
    list.append(...page.versions.map(versionOf));
    oldest = page.versions.at(-1)?.version ?? oldest;
  };
  onAction(dialog, { more });
  more();
}

function versionOf({ text, at }) {
  const item = clone("version-template");
  part(item, "at").dateTime = isoTime(at);
  write(part(item, "at"), momentLabel(at));
  write(part(item, "version-text"), text);
  return item;
}
