import { mayReactTo } from "roost/core/reactions.js";
import { t } from "roost/core/words.js";
import { onAction, part, parts, show } from "roost/elements/parts.js";
import { unfoldReactions } from "roost/elements/timeline/chips.js";
import { withReacting } from "roost/features/layers.js";

/** Putting emoji on messages, by the chips below them or by their tools, and into what is being written. */
export function offerReacting(app) {
  const log = document.querySelector("roost-timeline");
  onAction(log, {
    react: (button) => withReacting((layer) => layer.react(app, numberOf(button), button.dataset.emoji)),
    "add-reaction": (button) => chooseReaction(app, numberOf(button), button),
    "more-reactions": (button) => unfoldReactions(button.closest(".msg")),
  });
  onAction(document.querySelector("roost-composer"), {
    emoji: (button) => withReacting((layer) => layer.chooseEmoji(app, button)),
  });
  for (const type of ["pointerover", "focusin"]) log.addEventListener(type, ({ target }) => learn(app, target.closest(".reaction[data-unknown]")));
}

export function chooseReaction(app, number, anchor) {
  withReacting((layer) => layer.chooseReaction(app, number, anchor));
}

/** Two of the emoji used last, and the way to all others. */
export function dressTools(app, tools, number) {
  const offered = mayReactTo(app, number);
  const { recent } = app.usedEmoji;
  parts(tools, "quick").forEach((tool, index) => {
    show(tool, offered);
    tool.dataset.emoji = tool.textContent = recent[index];
    tool.ariaLabel = tool.title = t("React with {emoji}", { emoji: recent[index] });
  });
  show(part(tools, "react-tool"), offered);
}

/** Who they are whom this page cannot name yet. */
function learn({ live, place }, chip) {
  if (!chip) return;
  chip.removeAttribute("data-unknown");
  live.reactors(place.room, numberOf(chip), chip.dataset.emoji);
}

function numberOf(element) {
  return Number(element.closest(".msg").dataset.number);
}
