import { part } from "roost/elements/parts.js";

/** The browser's own bars take the colour of what lies at the top: the sheet where a room fills the page, else the frame. */
export function colourBars() {
  const narrow = matchMedia("(width < 47.5rem)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const { documentElement: root } = document;
  const app = part(document, "app");
  const draw = () => {
    const top = narrow.matches && app.dataset.view === "room" ? app.querySelector(".sheet") : root;
    const { backgroundColor } = getComputedStyle(top);
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.content = backgroundColor;
  };
  for (const change of [narrow, dark]) change.addEventListener("change", draw);
  const observer = new MutationObserver(draw);
  observer.observe(app, { attributeFilter: ["data-view"] });
  observer.observe(root, { attributeFilter: ["data-theme"] });
  draw();
}
