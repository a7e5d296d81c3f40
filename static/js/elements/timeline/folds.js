import { clone, part } from "roost/elements/parts.js";

/** Those that the reader asked to see. */
const opened = new WeakSet();

/** Whether the message in `item` is folded away: the reader has blocked who wrote it. */
export function isFolded(item, author, blocked) {
  return blocked.has(author) && !opened.has(item);
}

/** The focus goes to the message when what has it is folded away. */
export function setFolded(item, folded) {
  const held = folded && item.contains(document.activeElement);
  item.classList.toggle("msg--folded", folded);
  const fold = part(item, "fold");
  if (!folded) fold?.remove();
  else if (!fold) part(item, "body").before(clone("fold-template"));
  if (held && !fold) item.focus({ preventScroll: true });
}

/** Shows one message all the same. The button goes, so the message has the focus. */
export function unfold(item) {
  opened.add(item);
  setFolded(item, false);
  item.focus();
}
