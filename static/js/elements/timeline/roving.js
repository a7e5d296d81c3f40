/** Messages are one tab stop: the current one; arrow keys walk, and what is inside a message joins while it has focus. */
export class Roving {
  #log;
  #current = null;

  constructor(log) {
    this.#log = log;
    for (const item of this.#items) setControls(item);
    log.addEventListener("focusin", (event) => this.#moveTo(event.target.closest(".msg") ?? this.#current));
    log.addEventListener("keydown", (event) => this.#walk(event));
  }

  /** After a repaint: if the current message went, the newest is current. */
  settle() {
    if (!this.#current?.isConnected) this.#moveTo([...this.#items].at(-1) ?? null);
  }

  focus() {
    this.#current?.focus();
  }

  get #items() {
    return this.#log.querySelectorAll(".msg");
  }

  #moveTo(item) {
    if (item === this.#current) return;
    setStop(this.#current, -1);
    setStop(item, 0);
    this.#current = item;
  }

  #walk(event) {
    if (event.target.matches("textarea")) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const items = [...this.#items];
    const next = items[items.indexOf(document.activeElement.closest(".msg")) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

/** The day of the current message is one, too: what stands above a thousand days would be a thousand stops. */
function setStop(item, stop) {
  if (!item) return;
  item.tabIndex = stop;
  setControls(item, stop);
  item.closest("[data-day]")?.querySelector(".day__pill").setAttribute("tabindex", stop);
}

/** What is in a message is a stop while the message is. */
export function setControls(item, stop = item.tabIndex) {
  for (const control of item.querySelectorAll("a,button,audio,video,pre>code")) {
    // The server drew most of them so.
    if (control.tabIndex !== stop) control.tabIndex = stop;
  }
}
