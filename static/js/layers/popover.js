import { nameKeys } from "roost/core/keys.js";
import { clone } from "roost/elements/parts.js";

const GAP = 4;
const EDGE = 8;

/**
 * Opens the popover that a template holds beside `anchor`, at its `side`: "start" or "end"; without an anchor in the
 * middle. On a phone the style makes it a sheet at the bottom. A `held` finger is still down: the browser would take its
 * lifting for a press beside the popover, so such a one is closed by the next.
 */
export function openPopover(template, { anchor, side = "start", held = false }) {
  const popover = clone(template);
  if (held) popover.popover = "manual";
  nameKeys(popover);
  // Not beside it: a screen reader walks a page by its landmarks.
  document.querySelector("main").append(popover);
  const before = document.activeElement;
  const stand = () => place(popover, anchor, side);
  popover.showPopover();
  stand();
  // It may grow: a card does when it is told more.
  const size = new ResizeObserver(stand);
  size.observe(popover);
  addEventListener("resize", stand);
  const press = ({ target }) => held && !popover.contains(target) && popover.hidePopover();
  addEventListener("pointerdown", press);
  popover.addEventListener("beforetoggle", ({ newState }) => {
    if (newState !== "closed") return;
    size.disconnect();
    removeEventListener("resize", stand);
    removeEventListener("pointerdown", press);
    if (popover.contains(document.activeElement)) before.focus({ preventScroll: true });
  });
  popover.addEventListener("toggle", ({ newState }) => newState === "closed" && popover.remove());
  popover.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    popover.hidePopover();
  });
  return popover;
}

/** Below the anchor, or above where there is more room; always on the screen. */
function place(popover, anchor, side) {
  popover.style.top = popover.style.left = "";
  if (matchMedia("(width < 47.5rem)").matches) return;
  const { width, height } = popover.getBoundingClientRect();
  const from = anchor?.isConnected ? anchor.getBoundingClientRect() : middle(width, height);
  const fits = from.bottom + GAP + height + EDGE <= innerHeight || from.top < innerHeight - from.bottom;
  const top = fits ? from.bottom + GAP : from.top - GAP - height;
  const left = atLeft(anchor ?? popover, side) ? from.left : from.right - width;
  popover.style.top = `${within(top, innerHeight - height)}px`;
  popover.style.left = `${within(left, innerWidth - width)}px`;
}

function middle(width, height) {
  const [left, top] = [(innerWidth - width) / 2, (innerHeight - height) / 2];
  return { left, right: left + width, top, bottom: top };
}

function atLeft(element, side) {
  return (getComputedStyle(element).direction === "ltr") === (side === "start");
}

function within(value, most) {
  return Math.max(EDGE, Math.min(value, most - EDGE));
}
