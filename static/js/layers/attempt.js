import { isFailure } from "roost/core/failures.js";
import { part, show, write } from "roost/elements/parts.js";

/** Refusals that are about the name; the others are about the whole. */
const OF_NAME = new Set(["bad_room_name", "room_taken"]);

/**
 * Calls `send` and says beside what it is about why that failed; everything stays as it was written. Whether it went well.
 */
export async function attempt(dialog, send) {
  clearProblems(dialog);
  const submit = part(dialog, "submit");
  submit.setAttribute("aria-disabled", "true");
  try {
    await send();
    return true;
  } catch (problem) {
    if (!isFailure(problem)) throw problem;
    showProblem(dialog, problem);
    return false;
  } finally {
    submit.removeAttribute("aria-disabled");
  }
}

export function isBusy(dialog) {
  return part(dialog, "submit").hasAttribute("aria-disabled");
}

export function clearProblems(dialog) {
  for (const name of ["name-problem", "problem"]) if (part(dialog, name)) say(part(dialog, name), "");
  part(dialog, "name")?.removeAttribute("aria-invalid");
}

function showProblem(dialog, { code, message }) {
  if (!OF_NAME.has(code)) return say(part(dialog, "problem"), message);
  say(part(dialog, "name-problem"), message);
  part(dialog, "name").setAttribute("aria-invalid", "true");
  part(dialog, "name").focus();
}

function say(element, text) {
  write(element, text);
  show(element, text !== "");
}
