const KEYBOARD = 100;

/** Safari lays its keyboard over the page and pushes the page up: the app takes the height that is left, where it is left. */
export function fitViewport() {
  const { visualViewport: viewport } = window;
  if (!viewport) return;
  const { documentElement: root } = document;
  const fit = () => {
    // While the page is zoomed the smaller viewport is the reader's wish, not a keyboard.
    if (viewport.scale > 1.01) return;
    root.style.setProperty("--app-h", `${viewport.height}px`);
    root.style.setProperty("--app-top", `${viewport.offsetTop}px`);
    root.toggleAttribute("data-keyboard", root.clientHeight - viewport.height > KEYBOARD);
  };
  viewport.addEventListener("resize", fit);
  viewport.addEventListener("scroll", fit);
}
