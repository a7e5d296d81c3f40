/** The element marked data-part=`name` inside `root`. */
export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

export function parts(root, name) {
  return root.querySelectorAll(`[data-part="${name}"]`);
}

/** A fresh copy of what `<template id=…>` holds. */
export function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** For drawings too, which have no `hidden` property. */
export function show(element, shown) {
  element.toggleAttribute("hidden", !shown);
}

/** Another drawing of the sprite in the place of the one the server drew. */
export function drawIcon(icon, name) {
  const before = icon.getAttribute("href");
  const drawing = before.replace(/#.*/, `#${name}`);
  if (drawing !== before) icon.setAttribute("href", drawing);
}

/** The sign before a room's name. */
export function drawKind(icon, { kind }) {
  drawIcon(icon, kind === "private" ? "lock" : "hash");
}

/** Makes `wanted`, in order and before `end`, the children of `parent` that match `selector`; moves only what is elsewhere. */
export function arrange(parent, wanted, end = null, selector = "*") {
  const staying = new Set(wanted);
  for (const child of [...parent.children]) if (child.matches(selector) && !staying.has(child)) child.remove();
  let next = [...parent.children].find((child) => staying.has(child)) ?? end;
  for (const element of wanted) {
    // What stands in between has its place further on.
    if (next?.nextElementSibling === element) next = element;
    if (next === element) next = element.nextElementSibling;
    else parent.insertBefore(element, next);
  }
}

/** Calls what `actions` holds under the data-action of the button that was pressed inside `root`. */
export function onAction(root, actions) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    const action = button && actions[button.dataset.action];
    if (!action) return;
    event.preventDefault();
    action(button);
  });
}

/** Writes only what differs, so that nothing is laid out again for nothing. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Whether something lies over the page, which the keys of the page are not for then. */
export function isLayerOpen() {
  return document.querySelector("dialog[open], :popover-open") !== null;
}
