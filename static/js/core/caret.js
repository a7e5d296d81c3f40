// Behind a space or what opens something, or at the beginning; at the end of the text, where the caret is.
const BEGUN = /(?:^|[\s([{<"'«“‘*~>—–])(?:(@)([\p{L}\p{N}\p{M}_]{0,50})|(#)([\p{L}\p{N}\p{M}_-]{0,50})|(:)([a-z0-9_+-]{2,40}))$/u;
const LONGEST = 50;
// No backtick behind it: that would be code within a line.
const FENCE = /^ {0,3}```[^`\n]*$/gm;
const CODE = /(?<!`)(`+)[^`](?:.*?[^`])??\1(?!`)/gsu;

const REST = { "@": /^[\p{L}\p{N}\p{M}_]*/u, "#": /^[\p{L}\p{N}\p{M}_-]*/u, ":": /^[a-z0-9_+-]*:?/ };

/**
 * The name that is being written at the caret: {sign: "@", "#" or ":", prefix, from, to}, or null. `from` is the place of the
 * sign, `to` where the name ends, which may be behind the caret. Not in code, and not where the sign stands inside of
 * something: an e-mail address, an address with a fragment.
 */
export function nameAtCaret(text, caret) {
  const before = text.slice(0, caret);
  const match = BEGUN.exec(before.slice(-LONGEST - 2));
  if (!match || isCode(before)) return null;
  const [sign, prefix] = match.slice(1).filter((group) => group !== undefined);
  const to = caret + REST[sign].exec(text.slice(caret))[0].length;
  return { sign, prefix, from: caret - prefix.length - 1, to };
}

/** Whether a text ends inside code: in a block that has not ended, or behind a backtick of this paragraph. */
function isCode(before) {
  if (inFence(before)) return true;
  const paragraph = before.slice(before.lastIndexOf("\n\n") + 1);
  return paragraph.replace(CODE, "").includes("`");
}

/** Whether a text ends inside of a block of code. */
export function inFence(before) {
  return (before.match(FENCE) ?? []).length % 2 === 1;
}

/** As if it had been typed: it can be undone, and the composer hears of it. */
export function replaceSelection(text, inserted) {
  if (document.execCommand("insertText", false, inserted)) return;
  text.setRangeText(inserted, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
}
