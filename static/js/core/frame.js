const HIDDEN_DELAY = 100;

/** A function that runs `work` once before the next paint, however often it is called; soon in a hidden page, which never paints. */
export function onNextFrame(work) {
  let waiting = false;
  const run = () => {
    waiting = false;
    work();
  };
  return () => {
    if (waiting) return;
    waiting = true;
    if (document.hidden) setTimeout(run, HIDDEN_DELAY);
    else requestAnimationFrame(run);
  };
}
