import { pathOf } from "roost/core/place.js";
import { mayOffer } from "roost/core/rights.js";
import { slowLabel } from "roost/core/times.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { part, show } from "roost/elements/parts.js";
import { attempt, clearProblems, isBusy } from "roost/layers/attempt.js";
import { openDialog } from "roost/layers/dialog.js";

const SWITCHES = ["is_default", "is_readable", "is_unlisted", "cards", "archived"];

/** What the open room is called and which rules hold there. Only what was changed is sent: others may change the rest. */
export function openRoomSettings({ place, socket, store }) {
  const room = store.room(place.room);
  const before = settingsOf(room);
  const dialog = openDialog("room-settings-template");
  const form = part(dialog, "form");
  part(dialog, "webhooks").href = `${pathOf(room)}/webhooks`;
  if (!mayOffer(store.person)) part(dialog, "offer").remove();
  fill(form, before);
  form.addEventListener("input", () => {
    clearProblems(dialog);
    fitKind(form);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy(dialog)) return;
    const changes = differing(before, written(form));
    if (Object.keys(changes).length === 0) return dialog.close();
    if (!(await attempt(dialog, () => socket.request({ type: "room.change", room: room.id, ...changes })))) return;
    dialog.close();
    toast(t("Saved"));
  });
}

/** In the words of the wire. */
function settingsOf({ name, topic, description, kind, posting, slow, isDefault, isReadable, isUnlisted, cards, archived }) {
  const flags = { is_default: isDefault, is_readable: isReadable, is_unlisted: isUnlisted, cards, archived };
  return { name, topic, description, kind, posting, slow_seconds: slow, ...flags };
}

function fill(form, settings) {
  const { slow_seconds: slow } = form.elements;
  // Set by a program.
  const known = [...slow.options].some(({ value }) => Number(value) === settings.slow_seconds);
  if (!known) slow.append(new Option(slowLabel(settings.slow_seconds), settings.slow_seconds));
  for (const [name, value] of Object.entries(settings)) {
    const box = form.querySelector(`[type="checkbox"][name="${name}"]`);
    if (box) box.checked = value;
    else if (form.elements[name]) form.elements[name].value = value;
  }
  fitKind(form);
}

/** Newcomers are not led into what is private, and nobody outside reads it. */
function fitKind(form) {
  const isPrivate = form.elements.kind.value === "private";
  fitSwitch(form, "is_default", isPrivate);
  fitSwitch(form, "is_readable", isPrivate);
  show(part(form, "public-private"), isPrivate);
  if (part(form, "offer")) show(part(form, "offer-private"), isPrivate);
}

function fitSwitch(form, name, isPrivate) {
  const box = form.querySelector(`[type="checkbox"][name="${name}"]`);
  if (!box) return;
  box.disabled = isPrivate;
  if (isPrivate) box.checked = false;
}

/** What the form says, as the wire takes it. A switch that is off says "false" by the field before it. */
function written(form) {
  const fields = Object.fromEntries(new FormData(form));
  for (const name of SWITCHES) if (name in fields) fields[name] = fields[name] === "true";
  return { ...fields, slow_seconds: Number(fields.slow_seconds) };
}

function differing(before, after) {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => value !== before[name]));
}
