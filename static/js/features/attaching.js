import { composerOf } from "roost/core/app.js";
import { isFilling } from "roost/core/outbox.js";
import { browserStorage } from "roost/core/shelf.js";
import { isLayerOpen, onAction, part, parts, show } from "roost/elements/parts.js";
import { isTouch } from "roost/elements/roost-composer.js";
import { whenLoaded } from "roost/features/layers.js";

const LONG_PASTE = 10;

/** Files for the next message: picked, pasted, or dropped anywhere in the room, or in the thread beside it. */
export function offerAttaching(app) {
  const composer = composerOf(app);
  const picker = part(composer, "picker");
  let room = null;
  const attach = (list, to = app.place.room) => {
    // Now: the browser empties its list.
    const files = [...list];
    if (files.length > 0) withTray(composer, (tray) => tray.add(to, files));
  };
  onAction(composer, {
    "add-files": () => {
      // While one chooses, another room may open.
      room = app.place.room;
      picker.click();
    },
  });
  picker.addEventListener("change", () => {
    attach(picker.files, room);
    picker.value = "";
    if (!isTouch()) composer.focus();
  });
  const offers = () => app.store.fileLimit > 0 && !composer.shut && app.place.page === null;
  offerPaste(app, composer, { attach, offers });
  offerDrop(composer, { attach, offers: () => offers() && !isLayerOpen() });
  app.store.on("rooms", () => show(part(composer, "add"), app.store.fileLimit > 0));
  bringBack(app.boot, composer);
}

/** What falls beside that must not open in place of the page. And what was sent before its files had gone goes on. */
export function mindFiles({ outbox }) {
  const refuse = (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
    hideZones();
  };
  for (const what of ["dragover", "drop"]) addEventListener(what, refuse, { capture: true });
  addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && hideZones());
  const follow = (entries) => entries.some(isFilling) && whenLoaded(import("roost/elements/on_its_way.js"));
  outbox.on("changed", follow);
  follow(outbox.entries);
}

function offerPaste(app, composer, { attach, offers }) {
  composer.text.addEventListener("paste", (event) => {
    const { files } = event.clipboardData;
    const text = event.clipboardData.getData("text/plain");
    // A word processor puts a picture of the words beside them.
    if (files.length > 0 && text === "" && offers()) {
      event.preventDefault();
      attach(files);
    } else if (text.split("\n").length >= LONG_PASTE || text.length > app.store.textLimit) {
      const at = composer.text.selectionStart;
      const offer = ({ offerForms }) => offerForms(composer, { text, at, attach, offers });
      // Not before it stands there.
      composer.text.addEventListener("input", () => whenLoaded(import("roost/elements/long_paste.js"), offer), { once: true });
    }
  });
}

function offerDrop(composer, { attach, offers }) {
  const place = composer.closest("section, aside");
  const taken = (event) => bringsFiles(event) && offers();
  place.addEventListener("dragover", (event) => {
    if (!taken(event)) return;
    event.dataTransfer.dropEffect = "copy";
    show(part(place, "dropzone"), true);
  });
  place.addEventListener("drop", (event) => taken(event) && attach(event.dataTransfer.files));
}

function bringsFiles({ dataTransfer }) {
  return [...dataTransfer.items].some(({ kind }) => kind === "file");
}

function hideZones() {
  for (const zone of parts(document, "dropzone")) show(zone, false);
}

/** What this tab had before a reload. */
function bringBack({ person }, composer) {
  const kept = Object.keys(browserStorage("sessionStorage") ?? {}).some((key) => key.startsWith(`roost.files.${person.id}.`));
  if (kept) withTray(composer, () => {});
}

function withTray(composer, use) {
  composer.holdFor(whenLoaded(composer.loadTray(), use));
}
