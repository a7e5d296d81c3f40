import { logOf } from "roost/core/app.js";
import { chordOf } from "roost/core/keys.js";
import { mayEdit, mayOpenThread, mayRestrain } from "roost/core/rights.js";
import { Timer } from "roost/core/timer.js";
import { t } from "roost/core/words.js";
import { offerMentioned } from "roost/elements/body.js";
import { clone, onAction, part, show } from "roost/elements/parts.js";
import { unfold } from "roost/elements/timeline/folds.js";
import { setControls } from "roost/elements/timeline/roving.js";
import { dressTools } from "roost/features/reacting.js";
import { mayReply } from "roost/features/replies.js";
import { openBan, openMessageMenu, openPicture, openProfile } from "roost/features/layers.js";

const HOLD = 500;
const STILL = 10;
const MENU_KEYS = ["Enter", "Shift+F10", "ContextMenu"];

/** What can be done with a message: by its tools under the pointer or the focus, by a key, or by a finger that stays. */
export function offerMessageTools(app) {
  const log = logOf(app);
  onAction(log, {
    "message-menu": (button) => openMessageMenu(app, button.closest(".msg"), { anchor: button }),
    "copy-code": copyCode,
    picture: (link) => openPicture(link),
    "remove-card": (button) => takeCard(app, Number(button.closest(".msg").dataset.number)),
    unfold: (button) => {
      unfold(button.closest(".msg"));
      app.store.say("people");
    },
    profile: (button) => openProfile(app, authorOf(app, button.closest(".msg")), button),
    ban: (button) => openBan(app, authorOf(app, button.closest(".msg")), true),
  });
  offerMentioned(log, app);
  log.addEventListener("keydown", (event) => {
    if (!event.target.matches(".msg") || !MENU_KEYS.includes(chordOf(event))) return;
    event.preventDefault();
    openMessageMenu(app, event.target);
  });
  followPointer(app, log);
  followFocus(app, log);
  followFinger(log, (item) => openMessageMenu(app, item, { held: true }));
}

export async function takeCard(app, number) {
  const { removeCard } = await import("roost/layers/cards.js");
  removeCard(app, number);
}

export async function copyCode(button) {
  const { copyText } = await import("roost/layers/copying.js");
  copyText(button.closest("pre").querySelector("code").textContent, t("Code copied."));
}

function followPointer(app, log) {
  const tools = clone("message-tools-template");
  // They go with the pointer, and would take the focus with them.
  tools.addEventListener("mousedown", (event) => event.preventDefault());
  log.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType !== "touch") stand(app, tools, target.closest(".msg"));
  });
  log.addEventListener("pointerleave", () => stand(app, tools, null));
}

function followFocus(app, log) {
  const tools = clone("message-tools-template");
  log.addEventListener("focusin", ({ target }) => {
    const item = target.closest(".msg");
    if (item?.contains(tools) || target.matches(":focus-visible")) stand(app, tools, item);
  });
  log.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (!target.closest(".msg")?.contains(relatedTarget)) stand(app, tools, null);
  });
}

function stand(here, tools, item) {
  const { place, store } = here;
  const room = store.room(place.room);
  const message = item && room?.message(Number(item.dataset.number));
  show(part(tools, "reply-tool"), Boolean(message) && mayReply(here, message));
  show(part(tools, "thread-tool"), Boolean(message) && mayOpenThread(store, room, message));
  show(part(tools, "edit-tool"), Boolean(message) && mayEdit(store, room, message));
  show(part(tools, "ban"), Boolean(message) && mayRestrain(store.person, store.people.get(message.author)));
  if (!item) tools.remove();
  else if (tools.parentElement !== item) {
    // Not while it stands there: another emoji would come under the pointer that has just pressed one.
    dressTools(here, tools, Number(item.dataset.number));
    item.append(tools);
  }
  if (item) setControls(item);
}

function authorOf({ store }, item) {
  return store.people.get(Number(item.dataset.author));
}

function followFinger(log, open) {
  let begun = null;
  const held = new Timer(() => open(begun.item));
  log.addEventListener("pointerdown", ({ target, pointerType, clientX, clientY }) => {
    const item = target.closest(".msg");
    begun = { item, clientX, clientY };
    // A link has a menu of the system's own, and so has a text that is being edited.
    const own = target.closest("a, button") ?? target.closest("textarea");
    if (pointerType === "touch" && item && !own) held.set(HOLD);
  });
  log.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (held.pending && Math.hypot(clientX - begun.clientX, clientY - begun.clientY) > STILL) held.clear();
  });
  for (const end of ["pointerup", "pointercancel", "scroll"]) log.addEventListener(end, () => held.clear());
  log.addEventListener("contextmenu", (event) => {
    if (event.pointerType === "touch" && !event.target.closest("a")) event.preventDefault();
  });
}
