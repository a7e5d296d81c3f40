import { browserStorage, Shelf } from "roost/core/shelf.js";
import { t } from "roost/core/words.js";
import { part } from "roost/elements/parts.js";

const CONTROLS = 'form:not([data-part]) [name]:not(button, [type="hidden"])';

/**
 * What somebody fills in on a page of forms outlives a refusal, and the way to X and back to which some refusals lead: it
 * lies on a shelf of this tab until the page says that it was done, or has shown it again.
 */
export function keepTyped(page, person) {
  const shelf = new Shelf(browserStorage("sessionStorage"), `roost.typed.${person.id}`);
  const { filled, sent } = shelf.get(location.pathname) ?? { filled: {}, sent: [] };
  if (isDone(page)) for (const key of sent) delete filled[key];
  const found = [...page.querySelectorAll(CONTROLS)].filter((control) => keyOf(control) in filled);
  for (const control of found) fill(control, filled[keyOf(control)]);
  if (found.length > 0) page.say(t("Not saved yet."));

  // Once is enough, or an old choice would hide what holds by then; but where the page refuses, the way may lead over X.
  const kept = found.length > 0 && !page.querySelector('[role="alert"]') ? {} : filled;
  const note = (control) => {
    if (control.matches(CONTROLS) && (control.type !== "radio" || control.checked)) kept[keyOf(control)] = valueOf(control);
  };
  const keep = (sent = []) => {
    if (Object.keys(kept).length > 0) shelf.set(location.pathname, { filled: kept, sent });
    else shelf.remove(location.pathname);
  };
  keep();
  page.addEventListener("input", ({ target }) => {
    note(target);
    keep();
  });
  page.addEventListener("submit", ({ target }) => {
    for (const control of target.elements) note(control);
    keep([...target.elements].map(keyOf));
  });
}

/** A link or a secret that was made stands on the page. */
function isDone(page) {
  return part(page, "said").textContent !== "" || part(page, "link") !== null;
}

function keyOf({ id, name, type, value }) {
  return type === "radio" ? name : id || `${name}=${value}`;
}

function valueOf({ type, checked, value }) {
  return type === "checkbox" ? checked : value;
}

function fill(control, value) {
  if (control.type === "radio") control.checked = control.value === value;
  else if (control.type === "checkbox") control.checked = value;
  else control.value = value;
}
