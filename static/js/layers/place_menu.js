import { openKeys } from "roost/features/layers.js";
import { openMenu } from "roost/layers/menu.js";

export function openPlaceMenu(button) {
  const actions = { keys: () => openKeys(), "sign-out": () => document.querySelector(".sign-out").requestSubmit() };
  openMenu("place-menu-template", actions, { anchor: button });
}
