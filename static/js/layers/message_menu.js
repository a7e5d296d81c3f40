import { logOf } from "roost/core/app.js";
import { pathOf } from "roost/core/place.js";
import { mayReactTo } from "roost/core/reactions.js";
import { mayEdit, mayOpenThread, mayPin, mayRemoveMessage, mayRestrain } from "roost/core/rights.js";
import { t } from "roost/core/words.js";
import { discard, editAgain } from "roost/elements/timeline/unsent.js";
import { part } from "roost/elements/parts.js";
import { isTouch } from "roost/elements/roost-composer.js";
import { edit } from "roost/features/editing.js";
import { openBan, openForward, openMute, openRemoveMessage, openReport, openVersions } from "roost/features/layers.js";
import { mayReply, reply } from "roost/features/replies.js";
import { removeCard } from "roost/layers/cards.js";
import { openThread } from "roost/features/threads.js";
import { copyText } from "roost/layers/copying.js";
import { openMenu } from "roost/layers/menu.js";
import { chooseReaction, react } from "roost/layers/react.js";
import { isSaved, pinMessage, saveMessage } from "roost/layers/saving.js";

const QUICK = [0, 1, 2, 3, 4].map((place) => `quick-${place}`);

/** What can be done with the message in `item`, stored or not. */
export function openMessageMenu(app, item, { anchor, held }) {
  const number = Number(item.dataset.number);
  const actions = number ? ofStored(app, number) : ofUnsent(app, item.dataset.nonce);
  // Elsewhere the tools over the message have them.
  const quick = number && (held || isTouch()) ? quickReactions(app, item, number) : {};
  const menu = openMenu("message-menu-template", { ...quick, ...actions }, { anchor, held, side: "end" });
  dressQuick(app, menu);
}

function quickReactions(app, item, number) {
  if (!mayReactTo(app, number)) return {};
  const { recent } = app.usedEmoji;
  const quick = QUICK.map((name, index) => [name, () => react(app, number, recent[index], true)]);
  return { ...Object.fromEntries(quick), react: () => chooseReaction(app, number, item) };
}

function dressQuick({ usedEmoji: { recent } }, menu) {
  QUICK.forEach((name, index) => {
    const button = menu.querySelector(`[data-item="${name}"]`);
    if (!button) return;
    button.textContent = recent[index];
    button.ariaLabel = t("React with {emoji}", { emoji: recent[index] });
  });
  const row = part(menu, "quick");
  if (row.childElementCount === 0) row.remove();
}

function ofStored(app, number) {
  const { place, store } = app;
  const room = store.room(place.room);
  const message = room.message(number);
  const author = store.people.get(message.author);
  return {
    ...(mayReply(app, message) ? { reply: () => reply(app, number) } : {}),
    ...(mayEdit(store, room, message) ? { edit: () => edit(app, number) } : {}),
    ...(message.edited ? { versions: () => openVersions(app, number) } : {}),
    ...(message.card && mayRemoveMessage(store, room, message) ? { "remove-card": () => removeCard(app, number) } : {}),
    ...(mayRemoveMessage(store, room, message) ? { remove: () => openRemoveMessage(app, number) } : {}),
    ...(mayPin(store, room, message) ? { [message.pinned ? "unpin" : "pin"]: () => pinMessage(app, room.id, number, !message.pinned) } : {}),
    ...(message.removed ? {} : ofText(app, room, message)),
    ...(mayOpenThread(store, room, message) ? { thread: () => openThread(app, number) } : {}),
    unread: () => logOf(app).markUnread(number),
    // What the device has for it: most desks have nothing.
    ...(navigator.share ? { share: () => navigator.share({ url: String(new URL(pathOf(room, number), location)) }).catch(() => {}) } : {}),
    "copy-link": () => copyText(new URL(pathOf(room, number), location), t("Link copied.")),
    ...(author.id !== store.person.id && !message.removed ? { report: () => openReport(app, author, number) } : {}),
    ...(mayRestrain(store.person, author) ? { mute: () => openMute(app, author), ban: () => openBan(app, author, true) } : {}),
  };
}

function ofText(app, room, { number, text = "" }) {
  const saved = isSaved(app, room.id, number);
  return {
    [saved ? "unsave" : "save"]: () => saveMessage(app, room.id, number, !saved),
    forward: () => openForward(app, number),
    ...(text ? { "copy-text": () => copyText(text, t("Text copied.")) } : {}),
  };
}

/** What the outbox has begun to send may be stored already: too late to take it back. */
function ofUnsent(app, nonce) {
  const { outbox, store } = app;
  const { begun, failed, text } = store.entry(nonce);
  const back = { edit: () => editAgain(nonce, app), discard: () => discard([nonce]) };
  return {
    ...(failed ? { retry: () => outbox.retry(nonce) } : {}),
    ...(failed || !begun ? back : {}),
    "copy-text": () => copyText(text, t("Text copied.")),
  };
}
