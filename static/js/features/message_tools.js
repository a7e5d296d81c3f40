import { chordOf } from "roost/core/keys.js";
import { Timer } from "roost/core/timer.js";
import { clone, onAction } from "roost/elements/parts.js";
import { offerMentioned } from "roost/elements/body.js";
import { unfold } from "roost/elements/timeline/folds.js";
import { setControls } from "roost/elements/timeline/roving.js";
import { openMessageMenu, openProfile } from "roost/features/layers.js";

const HOLD = 500;
const STILL = 10;
const MENU_KEYS = ["Enter", "Shift+F10", "ContextMenu"];

/** What can be done with a message: by its tools under the pointer or the focus, by a key, or by a finger that stays. */
export function offerMessageTools(app) {
  const log = document.querySelector("roost-timeline");
  onAction(log, {
    "message-menu": (button) => openMessageMenu(app, button.closest(".msg"), { anchor: button }),
    unfold: (button) => {
      unfold(button.closest(".msg"));
      app.store.say("people");
    },
    profile: (button) => openProfile(app, app.store.people.get(Number(button.closest(".msg").dataset.author)), button),
  });
  offerMentioned(log, app);
  log.addEventListener("keydown", (event) => {
    if (!event.target.matches(".msg") || !MENU_KEYS.includes(chordOf(event))) return;
    event.preventDefault();
    openMessageMenu(app, event.target);
  });
  followPointer(log);
  followFocus(log);
  followFinger(log, (item) => openMessageMenu(app, item, { held: true }));
}

function followPointer(log) {
  const tools = clone("message-tools-template");
  // They go with the pointer, and would take the focus with them.
  tools.addEventListener("mousedown", (event) => event.preventDefault());
  log.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType !== "touch") stand(tools, target.closest(".msg"));
  });
  log.addEventListener("pointerleave", () => stand(tools, null));
}

function followFocus(log) {
  const tools = clone("message-tools-template");
  log.addEventListener("focusin", ({ target }) => {
    const item = target.closest(".msg");
    if (item?.contains(tools) || target.matches(":focus-visible")) stand(tools, item);
  });
  log.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (!target.closest(".msg")?.contains(relatedTarget)) stand(tools, null);
  });
}

function stand(tools, item) {
  if (!item) tools.remove();
  else if (tools.parentElement !== item) item.append(tools);
  if (item) setControls(item);
}

function followFinger(log, open) {
  let begun = null;
  const held = new Timer(() => open(begun.item));
  log.addEventListener("pointerdown", ({ target, pointerType, clientX, clientY }) => {
    const item = target.closest(".msg");
    begun = { item, clientX, clientY };
    // A link has a menu of the system's own.
    if (pointerType === "touch" && item && !target.closest("a, button")) held.set(HOLD);
  });
  log.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (held.pending && Math.hypot(clientX - begun.clientX, clientY - begun.clientY) > STILL) held.clear();
  });
  for (const end of ["pointerup", "pointercancel", "scroll"]) log.addEventListener(end, () => held.clear());
  log.addEventListener("contextmenu", (event) => {
    if (event.pointerType === "touch" && !event.target.closest("a")) event.preventDefault();
  });
}
