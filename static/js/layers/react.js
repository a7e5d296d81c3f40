import { replaceSelection } from "roost/core/caret.js";
import { isFailure } from "roost/core/failures.js";
import { hasPut, mayReactTo } from "roost/core/reactions.js";
import { toast } from "roost/core/toast.js";
import { openEmojiPicker } from "roost/layers/emoji_picker.js";

/** Opens the list of emoji beside `anchor`, for a message of the open room. */
export function chooseReaction(app, number, anchor) {
  if (mayReactTo(app, number)) openEmojiPicker(app, anchor, (emoji) => react(app, number, emoji, true));
}

/** The same for what is being written. */
export function chooseEmoji(app, anchor) {
  const composer = document.querySelector("roost-composer");
  openEmojiPicker(app, anchor, (emoji) => {
    composer.focus();
    replaceSelection(composer.text, emoji);
  });
}

/** Puts the reader's emoji on a message or, unless `on` is given, takes it away if it is there; at once, and back if it fails. */
export async function react({ place, socket, store, usedEmoji }, number, emoji, on) {
  const { room } = place;
  const me = store.person.id;
  const wanted = on ?? !hasPut(store.room(room).message(number), emoji, me);
  const foresee = (shown) => store.apply({ type: "reaction.wanted", room, number, changes: [{ emoji, person: me, on: shown }] });
  if (wanted) usedEmoji.use(emoji);
  foresee(wanted);
  try {
    await socket.request({ type: "message.react", room, number, emoji, on: wanted });
  } catch (problem) {
    if (!isFailure(problem)) throw problem;
    foresee(!wanted);
    toast(problem.message);
  }
}
