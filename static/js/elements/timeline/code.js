import { clone } from "roost/elements/parts.js";
import { t } from "roost/core/words.js";

/** Gives each block of code in a message what only a script can: a button that copies it, and a stop for the keys that scroll it. */
export function dressCode(body) {
  for (const block of body.querySelectorAll("pre")) {
    if (block.querySelector("button")) continue;
    const code = block.firstElementChild;
    code.tabIndex = -1;
    code.setAttribute("role", "group");
    code.setAttribute("aria-label", t("Code"));
    block.append(clone("copy-code-template"));
  }
}
