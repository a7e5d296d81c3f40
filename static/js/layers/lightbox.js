import { clockTime, dayLabel } from "roost/core/times.js";
import { t } from "roost/core/words.js";
import { onAction, part, write } from "roost/elements/parts.js";
import { openDialog } from "roost/layers/dialog.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

/** Where pictures stand one after the other: in a log, on the list of a room's files, in the message above a thread. */
const ROW = 'roost-timeline, roost-files, [data-part="root"]';

/** Shows the picture behind a link, and from there all others that are drawn in the same place. */
export function openLightbox(link) {
  const row = link.closest(ROW);
  const links = [...row.querySelectorAll('[data-action="picture"]')].filter((each) => each.checkVisibility());
  const dialog = openDialog("lightbox-template");
  let at = links.indexOf(link);
  const step = (by) => {
    if (!links[at + by]) return;
    at += by;
    draw(dialog, links, at);
  };
  onAction(dialog, {
    previous: () => step(-1),
    next: () => step(1),
    zoom: () => zoom(dialog),
  });
  part(dialog, "image").addEventListener("click", () => zoom(dialog));
  dialog.addEventListener("keydown", (event) => {
    const by = STEPS[event.key];
    // The arrows move a picture that is larger than the window.
    if (!by || event.altKey || event.ctrlKey || event.metaKey || isZoomed(dialog)) return;
    event.preventDefault();
    step(getComputedStyle(dialog).direction === "rtl" ? -by : by);
  });
  // To the picture that was looked at last: it may be another than the one that was opened.
  dialog.addEventListener("close", () => links[at].isConnected && links[at].focus());
  draw(dialog, links, at);
}

function draw(dialog, links, place) {
  const link = links[place];
  const [item, image] = [link.closest("[data-at]"), part(link, "image")];
  const [name, at] = [link.title, Number(item.dataset.at)];
  setZoom(dialog, false);
  fillImage(dialog, link.href, image);
  write(part(dialog, "name"), name);
  write(part(dialog, "author"), part(item, "author").textContent);
  write(part(dialog, "time"), `${dayLabel(at)}, ${clockTime(at)}`);
  write(part(dialog, "caption"), part(link, "alt").title);
  part(dialog, "original").href = link.href;
  Object.assign(part(dialog, "download"), { href: link.href, download: name });
  write(part(dialog, "count"), links.length > 1 ? t("{place} of {count}", { place: place + 1, count: links.length }) : "");
  setEnd(part(dialog, "previous"), place === 0);
  setEnd(part(dialog, "next"), place === links.length - 1);
}

/** The small one stands there until the large one has come. */
function fillImage(dialog, address, small) {
  const shown = part(dialog, "image");
  Object.assign(shown, { src: small.src, alt: small.alt });
  dialog.dataset.shown = address;
  const large = new Image();
  large.addEventListener("load", () => dialog.dataset.shown === address && (shown.src = address));
  large.src = address;
}

/** It keeps the focus, so that the keys go on. */
function setEnd(button, isEnd) {
  button.ariaDisabled = String(isEnd);
}

function isZoomed(dialog) {
  return dialog.classList.contains("is-zoomed");
}

function zoom(dialog) {
  setZoom(dialog, !isZoomed(dialog));
}

function setZoom(dialog, on) {
  const frame = part(dialog, "frame");
  dialog.classList.toggle("is-zoomed", on);
  part(dialog, "zoom").ariaPressed = String(on);
  // A stop for the keys that scroll it.
  if (on) frame.tabIndex = 0;
  else frame.removeAttribute("tabindex");
  if (on) frame.focus();
}
