import { pathOf } from "roost/core/place.js";
import { mayEdit, mayPin, mayRemoveMessage, mayRestrain } from "roost/core/rights.js";
import { t } from "roost/core/words.js";
import { discard, editAgain } from "roost/elements/timeline/unsent.js";
import { edit } from "roost/features/editing.js";
import { openBan, openForward, openMute, openRemoveMessage, openReport, openVersions } from "roost/features/layers.js";
import { mayReply, reply } from "roost/features/replies.js";
import { removeCard } from "roost/layers/cards.js";
import { copyText } from "roost/layers/copying.js";
import { openMenu } from "roost/layers/menu.js";
import { isSaved, pinMessage, saveMessage } from "roost/layers/saving.js";

/** What can be done with the message in `item`, stored or not. */
export function openMessageMenu(app, item, { anchor, held }) {
  const actions = item.dataset.number ? ofStored(app, Number(item.dataset.number)) : ofUnsent(app, item.dataset.nonce);
  openMenu("message-menu-template", actions, { anchor, held, side: "end" });
}

function ofStored(app, number) {
  const { place, store } = app;
  const room = store.room(place.room);
  const message = room.message(number);
  const author = store.people.get(message.author);
  return {
    ...(mayReply(message) ? { reply: () => reply(number) } : {}),
    ...(mayEdit(store, room, message) ? { edit: () => edit(app, number) } : {}),
    ...(message.edited ? { versions: () => openVersions(app, number) } : {}),
    ...(message.card && mayRemoveMessage(store, room, message) ? { "remove-card": () => removeCard(app, number) } : {}),
    ...(mayRemoveMessage(store, room, message) ? { remove: () => openRemoveMessage(app, number) } : {}),
    ...(mayPin(store, room, message) ? { [message.pinned ? "unpin" : "pin"]: () => pinMessage(app, room.id, number, !message.pinned) } : {}),
    ...(message.removed ? {} : ofText(app, room, message)),
    unread: () => document.querySelector("roost-timeline").markUnread(number),
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
function ofUnsent({ outbox, store }, nonce) {
  const { begun, failed, text } = store.entry(nonce);
  const back = { edit: () => editAgain(nonce), discard: () => discard([nonce]) };
  return {
    ...(failed ? { retry: () => outbox.retry(nonce) } : {}),
    ...(failed || !begun ? back : {}),
    "copy-text": () => copyText(text, t("Text copied.")),
  };
}
