import { composerOf, logOf } from "roost/core/app.js";
import { mayEdit } from "roost/core/rights.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { onAction } from "roost/elements/parts.js";
import { composes, isTouch, sends } from "roost/elements/roost-composer.js";
import { openRemoveMessage, openVersions } from "roost/features/layers.js";

/** Changing one's own messages where they stand. */
export function offerEditing(app) {
  const { edits, place, store } = app;
  const log = logOf(app);
  onAction(log, {
    "edit-message": (button) => edit(app, numberOf(button)),
    "save-edit": (button) => save(app, numberOf(button)),
    "cancel-edit": (button) => cancel(app, numberOf(button)),
    versions: (button) => openVersions(app, numberOf(button)),
  });
  log.addEventListener("input", ({ target }) => {
    edits.write(place.room, numberOf(target), target.value);
    // It may have grown: whoever rests at the end stays there.
    store.say("room", place.room);
  });
  log.addEventListener("keydown", (event) => {
    if (!event.target.matches("textarea")) return;
    const act = event.key === "Escape" && !composes(event) ? cancel : sends(event) ? save : null;
    if (!act) return;
    event.preventDefault();
    act(app, numberOf(event.target));
  });
  editLastFrom(app, composerOf(app).text);
  edits.on("changed", (room) => store.say("room", room));
  // Nothing else tells those who do not see it.
  edits.on("saved", () => (document.getElementById("announce").textContent = t("Edit saved.")));
  store.on("room", (room) => giveBack(app, room));
}

export function edit(app, number) {
  const { edits, place, store } = app;
  edits.begin(place.room, number, store.room(place.room).message(number).text ?? "");
  // Or what is typed before the next frame would go elsewhere.
  logOf(app).draw();
}

/** From an empty composer the arrow leads up to the last message of one's own. */
function editLastFrom(app, text) {
  text.addEventListener("keydown", (event) => {
    const { key, altKey, ctrlKey, metaKey, shiftKey, defaultPrevented } = event;
    if (key !== "ArrowUp" || text.value !== "" || altKey || ctrlKey || metaKey || shiftKey || defaultPrevented) return;
    const number = lastOwn(app);
    if (number === null) return;
    event.preventDefault();
    edit(app, number);
  });
}

/** The last message of the reader's own that is drawn, if it may be edited. */
function lastOwn(app) {
  const { place, store } = app;
  const mine = [...logOf(app).querySelectorAll(".msg--mine[data-number]:not(.msg--gone)")];
  const number = Number(mine.at(-1)?.dataset.number ?? 0);
  const room = store.room(place.room);
  return number && mayEdit(store, room, room.message(number)) ? number : null;
}

/** Nothing left is not nothing to say: it asks whether the message is to go, unless there are files in it. */
function save(app, number) {
  const { edits, place, store } = app;
  const { files = [] } = store.room(place.room).message(number) ?? {};
  if (files.length === 0 && edits.get(place.room, number).text.trim() === "") return openRemoveMessage(app, number);
  edits.save(place.room, number);
  leave(app, number);
}

function cancel(app, number) {
  app.edits.drop(app.place.room, number);
  leave(app, number);
}

/** A focus in the composer would bring the keyboard of a phone back. */
function leave(app, number) {
  if (isTouch()) logOf(app).querySelector(`[data-number="${number}"]`)?.focus();
  else composerOf(app).focus();
}

/** What was to be said in a message that was removed meanwhile is not lost. */
function giveBack(app, id) {
  const { edits, place, store } = app;
  for (const { number, before, text } of edits.of(id)) {
    if (id !== place.room || !store.room(id)?.message(number)?.removed) continue;
    edits.drop(id, number);
    if (text.trim() === before || text.trim() === "") continue;
    composerOf(app).takeBack(text);
    toast(t("The message you were editing was removed. What you wrote is in the box below, not sent."));
  }
}

function numberOf(element) {
  return Number(element.closest(".msg").dataset.number);
}
