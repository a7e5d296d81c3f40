import { inFence, replaceSelection } from "roost/core/caret.js";
import { chordOf } from "roost/core/keys.js";
import { withMarkup } from "roost/features/layers.js";

/** While one writes: what of core/markup.js they call for. templates/partials/_layers.html lists them for people. */
export const WRITING_KEYS = {
  "Ctrl+B": ["wrap", "**"],
  "Ctrl+I": ["wrap", "*"],
  "Ctrl+E": ["wrap", "`"],
  "Ctrl+Shift+X": ["wrap", "~~"],
  "Ctrl+Shift+L": ["link"],
  "Ctrl+Shift+8": ["begin", "- "],
  "Ctrl+Shift+9": ["begin", "> "],
};
/** Typed over a selection, they go round it. */
const ROUND = { "`": "`", "*": "*", _: "_", "~": "~~" };
const ADDRESS = /^\s*https?:\/\/\S+\s*$/i;

/** Keys that format what one writes, signs that go round what is selected, and addresses that make a link of it. */
export function offerFormatting(composer) {
  const { text } = composer;
  text.addEventListener("keydown", (event) => {
    const form = !event.isComposing && WRITING_KEYS[chordWithDigit(event)];
    if (form) change(event, () => form);
  });
  text.addEventListener("beforeinput", (event) => {
    const sign = event.inputType === "insertText" && !event.isComposing && ROUND[event.data];
    if (sign && isSelected(text)) change(event, () => ["wrap", sign], event.data);
  });
  text.addEventListener("paste", (event) => {
    const pasted = event.clipboardData.getData("text/plain");
    const { value, selectionStart, selectionEnd } = text;
    if (!isSelected(text) || !ADDRESS.test(pasted) || inFence(value.slice(0, selectionStart))) return;
    const words = value.slice(selectionStart, selectionEnd);
    change(event, ({ isLinkFor }) => isLinkFor(pasted.trim(), words) && ["link", pasted.trim()], pasted);
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

/** `choose(markup)` tells what is made of the selection; where there is nothing to make, `plain` takes its place. */
function change(event, choose, plain = null) {
  const text = event.target;
  event.preventDefault();
  const insert = plain === null ? undefined : () => replaceSelection(text, plain);
  withMarkup((markup) => {
    const form = choose(markup);
    if (form) make(text, markup, form);
    else insert();
  }, insert);
}

function make(text, markup, [name, ...given]) {
  const { from, to, inserted, start, end } = markup[name](text.value, text.selectionStart, text.selectionEnd, ...given);
  text.setSelectionRange(from, to);
  replaceSelection(text, inserted);
  text.setSelectionRange(start, end);
}
