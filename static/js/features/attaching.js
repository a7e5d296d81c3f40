import { isFilling } from "roost/core/outbox.js";
import { browserStorage } from "roost/core/shelf.js";
import { onAction, part, show } from "roost/elements/parts.js";
import { isTouch } from "roost/elements/roost-composer.js";
import { isLayerOpen, whenLoaded } from "roost/features/layers.js";

const LONG_PASTE = 10;

/** Files for the next message: picked, pasted, or dropped anywhere in the room. */
export function offerAttaching(app) {
  const composer = document.querySelector("roost-composer");
  const picker = part(composer, "picker");
  let room = null;
  const attach = (list, to = app.place.room) => {
    // Now: the browser empties its list.
    const files = [...list];
    if (files.length > 0) withTray((tray) => tray.add(to, files));
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
  offerDrop({ attach, offers: () => offers() && !isLayerOpen() });
  app.store.on("rooms", () => show(part(composer, "add"), app.store.fileLimit > 0));
  bringBack(app);
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

/** What falls beside the room must not open in place of the page. */
function offerDrop({ attach, offers }) {
  const room = document.querySelector(".room");
  const zone = part(document, "dropzone");
  const over = (event) => {
    if (![...event.dataTransfer.items].some(({ kind }) => kind === "file")) return;
    event.preventDefault();
    const taken = offers() && room.contains(event.target);
    event.dataTransfer.dropEffect = taken ? "copy" : "none";
    show(zone, taken);
  };
  addEventListener("dragover", over);
  addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && show(zone, false));
  addEventListener("drop", (event) => {
    over(event);
    if (!zone.hidden) attach(event.dataTransfer.files);
    show(zone, false);
  });
}

/** What this tab had before a reload, and what waits for files here or in another. */
function bringBack({ boot, outbox }) {
  const kept = Object.keys(browserStorage("sessionStorage") ?? {}).some((key) => key.startsWith(`roost.files.${boot.person.id}.`));
  if (kept) withTray(() => {});
  const follow = (entries) => entries.some(isFilling) && whenLoaded(import("roost/elements/on_its_way.js"));
  outbox.on("changed", follow);
  follow(outbox.entries);
}

function withTray(use) {
  const composer = document.querySelector("roost-composer");
  composer.holdFor(whenLoaded(composer.loadTray(), use));
}
