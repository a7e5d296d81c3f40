import { isFailure } from "roost/core/failures.js";
import { deadlineLabel } from "roost/core/times.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { part, write } from "roost/elements/parts.js";
import { attempt, isBusy } from "roost/layers/attempt.js";
import { openDialog } from "roost/layers/dialog.js";

const MINUTE = 60_000;

/** Asks for how long somebody is to read and not to write. */
export function openMute({ socket }, person) {
  const dialog = openDialog("mute-template");
  const form = part(dialog, "form");
  write(part(dialog, "title"), t("Mute {name}?", { name: person.name }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const minutes = Number(form.elements.minutes.value);
    const mute = async () => {
      const { act } = await socket.request({ type: "member.mute", person: person.id, minutes });
      const when = deadlineLabel(Date.now() + minutes * MINUTE);
      toast(t("{name} is muted until {when}.", { name: person.name, when }), undoing(socket, act));
    };
    if (!isBusy(dialog) && (await attempt(dialog, mute))) dialog.close();
  });
}

export function unmute({ socket }, { id, name }) {
  return told(socket, { type: "member.unmute", person: id }, t("{name} may write again.", { name }));
}

/** What a toast offers after an act of the log. */
export function undoing(socket, act) {
  return { label: t("Undo"), action: () => told(socket, { type: "act.undo", act }, t("Taken back.")) };
}

/** Says what came of a command. */
async function told(socket, command, text) {
  try {
    await socket.request(command);
    toast(text);
  } catch (problem) {
    if (!isFailure(problem)) throw problem;
    toast(problem.message);
  }
}
