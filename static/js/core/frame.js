const HIDDEN_DELAY = 100;
/** What comes without end is drawn ten times a second, which leaves the time between to whoever types. */
export const LIVELY = 100;

/**
 * A function that runs `work` once before the next paint, however often it is called; soon in a hidden page, which never
 * paints. Between two runs pass `apart` milliseconds at least.
 */
export function onNextFrame(work, apart = 0) {
  let waiting = false;
  let next = -Infinity;
  const run = () => {
    waiting = false;
    next = performance.now() + apart;
    work();
  };
  const ask = () => (document.hidden ? setTimeout(run, HIDDEN_DELAY) : requestAnimationFrame(run));
  return () => {
    if (waiting) return;
    waiting = true;
    const pause = next - performance.now();
    if (pause > 0) setTimeout(ask, pause);
    else ask();
  };
}

/** Lets the browser answer who touches the page, before what follows. */
export function nextTask() {
  return new Promise((resolve) => setTimeout(resolve));
}
