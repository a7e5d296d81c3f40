import { drawnOf } from "roost/core/reactions.js";
import { writtenNumber } from "roost/core/words.js";
import { arrange, clone, part, parts, show, write } from "roost/elements/parts.js";
import { setControls } from "roost/elements/timeline/roving.js";

const SHOWN = 8;

const looks = new WeakMap();
/** Messages of which all are shown. */
const unfolded = new WeakSet();

/** Draws what people put on a message below it, as the server does it first. Does nothing when it looks as it did. */
export function fillReactions(item, message, scene) {
  if (!message.reactions && !looks.has(item)) return;
  const drawn = message.removed ? [] : drawnOf(message, scene);
  const look = JSON.stringify([drawn, unfolded.has(item)]);
  if (looks.get(item) === look) return;
  looks.set(item, look);
  const row = part(item, "reactions");
  if (drawn.length === 0) leave(item, row);
  else fill(item, row ?? newRow(item), drawn);
}

/** Shows those, too, that have no place at first; the next one has the focus. */
export function unfoldReactions(item) {
  unfolded.add(item);
  document.querySelector("roost-timeline").draw();
  parts(item, "reaction")[SHOWN]?.focus();
}

/** The focus goes to the message when what has it goes. */
function leave(item, row) {
  const held = row?.contains(document.activeElement);
  row?.remove();
  if (held) item.focus({ preventScroll: true });
}

function newRow(item) {
  const row = clone("reactions-template");
  part(item, "main").append(row);
  return row;
}

function fill(item, row, drawn) {
  const before = new Map([...parts(row, "reaction")].map((chip) => [chip.dataset.emoji, chip]));
  const shown = unfolded.has(item) ? drawn : drawn.slice(0, SHOWN);
  const more = drawn.length - shown.length;
  const held = document.activeElement.dataset.part === "reaction" && row.contains(document.activeElement);
  arrange(row, shown.map((each) => filled(before.get(each.emoji) ?? clone("reaction-template"), each)), part(row, "more-reactions"), "[data-part=reaction]");
  show(part(row, "more-reactions"), more > 0);
  write(part(row, "more-count"), `+${writtenNumber(more)}`);
  setControls(item);
  if (held && !row.contains(document.activeElement)) part(row, "add-reaction").focus();
}

function filled(chip, { emoji, count, mine, names, unknown }) {
  chip.dataset.emoji = emoji;
  chip.dataset.names = names;
  chip.toggleAttribute("data-unknown", unknown);
  chip.setAttribute("aria-pressed", String(mine));
  chip.setAttribute("aria-label", `${emoji} ${writtenNumber(count)}, ${names}`);
  write(part(chip, "emoji"), emoji);
  write(part(chip, "count"), writtenNumber(count));
  return chip;
}
