import { inFence, replaceSelection } from "roost/core/caret.js";
import { chordOf } from "roost/core/keys.js";
import { begin, isLinkFor, link, wrap } from "roost/core/markup.js";

/** While one writes; templates/partials/_layers.html lists them for people. */
export const WRITING_KEYS = {
  "Ctrl+B": (...selection) => wrap(...selection, "**"),
  "Ctrl+I": (...selection) => wrap(...selection, "*"),
  "Ctrl+E": (...selection) => wrap(...selection, "`"),
  "Ctrl+Shift+X": (...selection) => wrap(...selection, "~~"),
  "Ctrl+Shift+L": (...selection) => link(...selection),
  "Ctrl+Shift+8": (...selection) => begin(...selection, "- "),
  "Ctrl+Shift+9": (...selection) => begin(...selection, "> "),
};
/** Typed over a selection, they go round it. */
const ROUND = { "`": "`", "*": "*", _: "_", "~": "~~" };

/** Keys that format what one writes, signs that go round what is selected, and addresses that make a link of it. */
export function offerFormatting(composer) {
  const { text } = composer;
  text.addEventListener("keydown", (event) => {
    const make = !event.isComposing && WRITING_KEYS[chordWithDigit(event)];
    if (make) change(event, make);
  });
  text.addEventListener("beforeinput", (event) => {
    const sign = event.inputType === "insertText" && !event.isComposing && ROUND[event.data];
    if (sign && isSelected(text)) change(event, (...selection) => wrap(...selection, sign));
  });
  text.addEventListener("paste", (event) => {
    const pasted = event.clipboardData.getData("text/plain").trim();
    const { value, selectionStart, selectionEnd } = text;
    if (inFence(value.slice(0, selectionStart)) || !isLinkFor(pasted, value.slice(selectionStart, selectionEnd))) return;
    change(event, (...selection) => link(...selection, pasted));
  });
}

/** A digit under Shift is another sign on every layout. */
function chordWithDigit(event) {
  const chord = chordOf(event);
  const digit = event.shiftKey && /^Digit(\d)$/.exec(event.code);
  return digit && chord.startsWith("Ctrl+") ? `Ctrl+Shift+${digit[1]}` : chord;
}

function isSelected({ selectionStart, selectionEnd }) {
  return selectionStart !== selectionEnd;
}

function change(event, make) {
  const text = event.target;
  event.preventDefault();
  const { from, to, inserted, start, end } = make(text.value, text.selectionStart, text.selectionEnd);
  text.setSelectionRange(from, to);
  replaceSelection(text, inserted);
  text.setSelectionRange(start, end);
}
