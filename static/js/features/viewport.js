/** Safari lays its keyboard over the page: the app takes the height that is left. */
export function fitViewport() {
  const { visualViewport: viewport } = window;
  if (!viewport) return;
  const fit = () => {
    // While the page is zoomed the smaller viewport is the reader's wish, not a keyboard.
    if (viewport.scale > 1.01) return;
    document.documentElement.style.setProperty("--app-h", `${viewport.height}px`);
  };
  viewport.addEventListener("resize", fit);
  viewport.addEventListener("scroll", fit);
}
