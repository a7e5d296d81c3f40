import { rememberClosed } from "roost/core/closed.js";
import { whenLoaded } from "roost/features/layers.js";
import { chooseView, visit } from "roost/features/navigation.js";
import { onAction, part } from "roost/elements/parts.js";

const wide = matchMedia("(width >= 75rem)");
const narrow = matchMedia("(width < 47.5rem)");

/**
 * The panel with what a room is and who is in it. On a wide page it stands beside the room until it is closed, which this
 * browser remembers; on a narrower one it lies over the room's edge; on a phone it is a view of its own, which the
 * system's way back leaves.
 */
export function offerDetails() {
  onAction(document, { details: toggleDetails });
  // However it came to be shown or not, a wider window included.
  new ResizeObserver(follow).observe(panel());
}

export function toggleDetails() {
  if (isShown()) closeDetails();
  else openDetails();
}

/** Esc in or under the panel goes one step back: whether there was one to go. */
export function leaveDetails(element) {
  if (app().dataset.over !== undefined) closeDetails();
  else if (panel().contains(element)) document.querySelector("roost-composer").focus();
  else return false;
  return true;
}

function openDetails() {
  if (narrow.matches) {
    history.pushState({ details: true }, "", "#details");
    chooseView();
  } else if (wide.matches) {
    remember(false);
  } else {
    app().dataset.over = "";
  }
  if (!wide.matches) part(panel(), "details-title").focus();
}

function closeDetails() {
  const focused = panel().contains(document.activeElement);
  if (narrow.matches && history.state?.details) return history.back();
  if (narrow.matches) return visit(location.pathname);
  if (wide.matches) remember(true);
  delete app().dataset.over;
  if (focused) document.querySelector('.room .tool[data-action="details"]').focus();
}

function remember(closed) {
  app().dataset.details = closed ? "closed" : "auto";
  rememberClosed("details", closed);
}

function follow() {
  const shown = isShown();
  for (const button of document.querySelectorAll('[data-action="details"][aria-expanded]')) {
    button.setAttribute("aria-expanded", String(shown));
  }
  // On a phone it is all there is of the page, so its headings begin with the first.
  for (const heading of panel().querySelectorAll("h2, h3")) {
    heading.ariaLevel = String(Number(heading.localName.at(1)) - (narrow.matches ? 1 : 0));
  }
  if (shown) whenLoaded(import("roost/elements/roost-details.js"));
}

function isShown() {
  return panel().offsetWidth > 0;
}

function panel() {
  return document.getElementById("details");
}

function app() {
  return document.querySelector('[data-part="app"]');
}
