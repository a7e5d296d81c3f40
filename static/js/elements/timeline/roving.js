/** Messages are one tab stop: the current one; arrow keys walk, and what is inside a message joins while it has focus. */
export class Roving {
  #log;
  #current = null;

  constructor(log) {
    this.#log = log;
    log.addEventListener("focusin", (event) => this.#moveTo(event.target.closest(".msg")));
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
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const items = [...this.#items];
    const next = items[items.indexOf(document.activeElement.closest(".msg")) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

function setStop(item, stop) {
  if (!item) return;
  item.tabIndex = stop;
  item.querySelector(".msg__link")?.setAttribute("tabindex", stop);
}
