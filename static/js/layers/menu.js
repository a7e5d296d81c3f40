import { openPopover } from "roost/layers/popover.js";

/**
 * Opens the menu that a template holds. Each data-item does what `actions` holds under that name; those it does not hold
 * are not there. Those that can be chosen are so if `chosen` holds their name.
 */
export function openMenu(template, actions, place, chosen = new Set()) {
  const menu = openPopover(template, place);
  for (const item of menu.querySelectorAll("[data-item]")) if (!actions[item.dataset.item]) item.remove();
  for (const item of menu.querySelectorAll("[aria-checked]")) item.ariaChecked = String(chosen.has(item.dataset.item));
  menu.addEventListener("keydown", (event) => walk(menu, event));
  menu.addEventListener("click", ({ target }) => {
    const item = target.closest("[role^=menuitem]");
    if (!item) return;
    menu.hidePopover();
    actions[item.dataset.item]?.();
  });
  itemsOf(menu)[0].focus();
  return menu;
}

function walk(menu, event) {
  const items = itemsOf(menu);
  const here = items.indexOf(document.activeElement);
  const next = nextOf(items, here, event);
  if (event.key === "Tab") menu.hidePopover();
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function nextOf(items, here, { key, altKey, ctrlKey, metaKey }) {
  const moves = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 };
  if (key in moves) return items.at(moves[key] % items.length);
  if (key.length > 1 || key === " " || altKey || ctrlKey || metaKey) return null;
  const following = [...items.slice(here + 1), ...items.slice(0, here + 1)];
  return following.find((item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()));
}

function itemsOf(menu) {
  return [...menu.querySelectorAll("[role^=menuitem]")];
}
