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

/** The sign before a room's name: what the server drew, for this kind of room. */
export function drawKind(icon, { kind }) {
  icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, kind === "private" ? "#lock" : "#hash"));
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
