/**
 * What the keys of formatting make of a text: {from, to, inserted, start, end}, the piece that is replaced, by what, and
 * what is selected then. No DOM in here.
 */

const NEW_ADDRESS = "https://";
const ADDRESS = /^https?:\/\/[^\s<>]+$/i;

/** Puts `sign` round the selection, or takes it away from there. */
export function wrap(text, start, end, sign) {
  const selected = text.slice(start, end);
  const size = sign.length;
  if (standsRound(text, start, end, sign)) {
    return { from: start - size, to: end + size, inserted: selected, start: start - size, end: end - size };
  }
  return { from: start, to: end, inserted: sign + selected + sign, start: start + size, end: end + size };
}

function standsRound(text, start, end, sign) {
  const before = text.slice(0, start);
  if (!before.endsWith(sign) || !text.startsWith(sign, end)) return false;
  // Two stars are bold, and not italic twice.
  return sign !== "*" || /(?<!\*)(?:\*\*)*\*$/.test(before);
}

/** Puts `sign` before every line of the selection, or takes it away from all. */
export function begin(text, start, end, sign) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split("\n");
  const all = lines.every((line) => line.startsWith(sign));
  const inserted = lines.map((line) => (all ? line.slice(sign.length) : sign + line)).join("\n");
  if (start !== end) return { from, to, inserted, start: from, end: from + inserted.length };
  const caret = Math.max(from, start + (all ? -sign.length : sign.length));
  return { from, to, inserted, start: caret, end: caret };
}

/** Makes the selection the words of a link to `url`. What has to be written yet is selected: the words, or the address. */
export function link(text, start, end, url = "") {
  const words = text.slice(start, end);
  const inserted = `[${words}](${/[()]/.test(url) ? `<${url}>` : url || NEW_ADDRESS})`;
  const made = { from: start, to: end, inserted };
  if (words === "") return { ...made, start: start + 1, end: start + 1 };
  if (url) return { ...made, start: start + inserted.length, end: start + inserted.length };
  return { ...made, start: start + words.length + 3, end: start + inserted.length - 1 };
}

/** Whether pasting this over these words makes a link of them. */
export function isLinkFor(pasted, words) {
  return ADDRESS.test(pasted) && /\S/.test(words) && !/[[\]\n]/.test(words) && !ADDRESS.test(words.trim());
}
