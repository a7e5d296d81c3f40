import { dayKey } from "roost/core/times.js";
import { part, show } from "roost/elements/parts.js";
import { openDialog } from "roost/layers/dialog.js";

/** Asks for a day, beginning with `day` (YYYY-MM-DD), and leads to its first message. */
export function openDayPicker(day) {
  const dialog = openDialog("day-picker-template");
  const date = part(dialog, "date");
  date.value = day;
  date.max = dayKey(Date.now());
  part(dialog, "form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await document.querySelector("roost-timeline").jumpToTime(firstMoment(date.value))) dialog.close();
    else show(part(dialog, "problem"), true);
  });
}

/** Of a day of the reader's own calendar, which a Date of the bare text is not. */
function firstMoment(day) {
  return new Date(`${day}T00:00`).getTime();
}
