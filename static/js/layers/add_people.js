import { Timer } from "roost/core/timer.js";
import { fillEgg } from "roost/elements/egg.js";
import { arrange, clone, onAction, part, show, write } from "roost/elements/parts.js";
import { attempt, clearProblems, isBusy } from "roost/layers/attempt.js";
import { openDialog } from "roost/layers/dialog.js";

const ASKED_AFTER = 150;
const MOST = 20;

/** Brings people into the open room whom the reader shares another one with. */
export function openAddPeople({ live, place, socket }) {
  const room = place.room;
  const dialog = openDialog("add-people-template");
  const query = part(dialog, "query");
  const rows = new Map();
  const look = async () => {
    const prefix = query.value.trim();
    const found = await live.findPeople(room, prefix, MOST);
    if (!found || prefix !== query.value.trim() || !dialog.open) return;
    arrange(part(dialog, "list"), found.others.map((person) => rowOf(rows, person)));
    show(part(dialog, "nobody"), found.others.length === 0 && prefix !== "");
  };
  const ask = new Timer(look);
  query.addEventListener("input", () => {
    clearProblems(dialog);
    ask.set(ASKED_AFTER);
  });
  dialog.addEventListener("close", () => ask.clear());
  onAction(dialog, {
    add: async (button) => {
      const row = button.closest("li");
      const person = Number(row.dataset.person);
      if (isBusy(dialog) || !(await attempt(dialog, () => socket.request({ type: "room.add", room, person })))) return;
      show(button, false);
      show(part(row, "added"), true);
      query.focus();
    },
  });
  look();
}

function rowOf(rows, person) {
  const row = rows.get(person.id) ?? clone("addable-template");
  rows.set(person.id, row);
  row.dataset.person = person.id;
  fillEgg(part(row, "egg"), person);
  for (const name of row.querySelectorAll("[data-part=name]")) write(name, person.name);
  write(part(row, "handle"), `@${person.handle}`);
  return row;
}
