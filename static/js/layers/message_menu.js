import { pathOf } from "roost/core/place.js";
import { t } from "roost/core/words.js";
import { discard, editAgain } from "roost/elements/timeline/unsent.js";
import { mayRestrain } from "roost/core/rights.js";
import { openBan, openMute, openReport } from "roost/features/layers.js";
import { copyText } from "roost/layers/copying.js";
import { openMenu } from "roost/layers/menu.js";

/** What can be done with the message in `item`, stored or not. */
export function openMessageMenu(app, item, { anchor, held }) {
  const actions = item.dataset.number ? ofStored(app, Number(item.dataset.number)) : ofUnsent(app, item.dataset.nonce);
  openMenu("message-menu-template", actions, { anchor, held, side: "end" });
}

function ofStored(app, number) {
  const { place, store } = app;
  const room = store.room(place.room);
  const author = store.people.get(room.message(number).author);
  return {
    unread: () => document.querySelector("roost-timeline").markUnread(number),
    "copy-text": () => copyText(room.message(number).text, t("Text copied.")),
    "copy-link": () => copyText(new URL(pathOf(room, number), location), t("Link copied.")),
    ...(author.id !== store.person.id ? { report: () => openReport(app, author, number) } : {}),
    ...(mayRestrain(store.person, author) ? { mute: () => openMute(app, author), ban: () => openBan(app, author, true) } : {}),
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
