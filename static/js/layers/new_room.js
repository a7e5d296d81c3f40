import { slugOf } from "roost/core/room_names.js";
import { t } from "roost/core/words.js";
import { drawKind, part, write } from "roost/elements/parts.js";
import { attempt, clearProblems, isBusy } from "roost/layers/attempt.js";
import { openDialog } from "roost/layers/dialog.js";

/** Asks what a new room is to be, and makes it by `socket`. `enter(room)` is called with it. */
export function openNewRoom({ socket, enter }) {
  const dialog = openDialog("new-room-template");
  const form = part(dialog, "form");
  form.addEventListener("input", () => {
    clearProblems(dialog);
    draw(dialog, form);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy(dialog)) return;
    const { name, kind, topic } = Object.fromEntries(new FormData(form));
    let made;
    const done = await attempt(dialog, async () => {
      made = await socket.request({ type: "room.create", name, kind, topic });
    });
    if (!done || !dialog.open) return;
    dialog.close();
    enter(made.room);
  });
  draw(dialog, form);
}

function draw(dialog, form) {
  const { name, kind } = Object.fromEntries(new FormData(form));
  drawKind(dialog.querySelector(".signed use"), { kind });
  write(part(dialog, "address"), addressOf(slugOf(name), kind));
}

function addressOf(slug, kind) {
  if (slug === "") return t("Its address is made of its name.");
  const address = `${location.host}/chat/${slug}`;
  if (kind === "public") return t("Its address: {address}", { address });
  return t("Its address: {address}, and a few letters that nobody can guess", { address });
}
