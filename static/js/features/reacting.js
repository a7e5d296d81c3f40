import { replaceSelection } from "roost/core/caret.js";
import { isFailure } from "roost/core/failures.js";
import { hasPut } from "roost/core/reactions.js";
import { mayReact } from "roost/core/rights.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { onAction, part, parts, show } from "roost/elements/parts.js";
import { unfoldReactions } from "roost/elements/timeline/chips.js";
import { openEmojiPicker } from "roost/features/layers.js";

/** Putting emoji on messages: by the chips below them, by their tools, or from the list of all. */
export function offerReacting(app) {
  const log = document.querySelector("roost-timeline");
  onAction(log, {
    react: (button) => react(app, numberOf(button), button.dataset.emoji),
    "add-reaction": (button) => chooseReaction(app, numberOf(button), button),
    "more-reactions": (button) => unfoldReactions(button.closest(".msg")),
  });
  for (const type of ["pointerover", "focusin"]) log.addEventListener(type, ({ target }) => learn(app, target.closest(".reaction[data-unknown]")));
  offerEmoji(app);
}

function offerEmoji(app) {
  const composer = document.querySelector("roost-composer");
  onAction(composer, {
    emoji: (button) => openEmojiPicker(app, button, (emoji) => {
      composer.focus();
      replaceSelection(composer.text, emoji);
    }),
  });
}

/** Opens the list of emoji beside `anchor`, for a message of the open room. */
export function chooseReaction(app, number, anchor) {
  if (mayReactTo(app, number)) openEmojiPicker(app, anchor, (emoji) => react(app, number, emoji, true));
}

/** Two of the emoji used last, and the way to all others. */
export function dressTools(app, tools, number) {
  const offered = mayReactTo(app, number);
  const { recent } = app.usedEmoji;
  parts(tools, "quick").forEach((tool, index) => {
    show(tool, offered);
    Object.assign(tool.dataset, { emoji: recent[index] });
    tool.textContent = recent[index];
    tool.title = t("React with {emoji}", { emoji: recent[index] });
    tool.ariaLabel = tool.title;
  });
  show(part(tools, "react-tool"), offered);
}

/** Puts the reader's emoji on a message or, unless `on` is given, takes it away if it is there; at once, and back if it fails. */
export async function react(app, number, emoji, on = !hasPut(messageOf(app, number), emoji, app.store.person.id)) {
  const { place, socket, store, usedEmoji } = app;
  const { room } = place;
  if (on) usedEmoji.use(emoji);
  const foresee = (shown) => store.apply({ type: "reaction.wanted", room, number, changes: [{ emoji, person: store.person.id, on: shown }] });
  foresee(on);
  try {
    await socket.request({ type: "message.react", room, number, emoji, on });
  } catch (problem) {
    if (!isFailure(problem)) throw problem;
    foresee(!on);
    toast(problem.message);
  }
}

export function mayReactTo(app, number) {
  const message = messageOf(app, number);
  return Boolean(message) && mayReact(app.store, app.store.room(app.place.room), message);
}

/** Who they are whom this page cannot name yet. */
function learn({ live, place }, chip) {
  if (!chip) return;
  chip.removeAttribute("data-unknown");
  live.reactors(place.room, numberOf(chip), chip.dataset.emoji);
}

function messageOf({ place, store }, number) {
  return store.room(place.room).message(number);
}

function numberOf(element) {
  return Number(element.closest(".msg").dataset.number);
}
