import { Timer } from "roost/core/timer.js";
import { onAction, part, show } from "roost/elements/parts.js";

const SHOWN_FOR = 6_000;

/** One thing said at a time. It stays while somebody points at it or has the focus in it. */
class RoostToast extends HTMLElement {
  #offer = null;
  /** What keeps it: "pointer", "focus". */
  #held = new Set();
  /** Where the focus came from, to give it back. */
  #before = null;
  #over = new Timer(() => this.#end());

  // Lifecycle

  connectedCallback() {
    onAction(this, { accept: () => this.#accept(), dismiss: () => this.#end() });
    this.addEventListener("pointerenter", () => this.#hold("pointer"));
    this.addEventListener("pointerleave", () => this.#release("pointer"));
    this.addEventListener("focusin", ({ relatedTarget }) => {
      if (!this.contains(relatedTarget)) this.#before = relatedTarget;
      this.#hold("focus");
    });
    this.addEventListener("focusout", () => this.#release("focus"));
    this.addEventListener("keydown", this.#pressed);
  }

  disconnectedCallback() {
    this.#over.clear();
  }

  // Actions

  say(text, offer) {
    this.#offer = offer;
    part(this, "said").textContent = text;
    part(this, "accept").textContent = offer?.label ?? "";
    show(part(this, "accept"), offer !== null);
    show(part(this, "toast"), true);
    if (this.#held.size === 0) this.#over.set(SHOWN_FOR);
  }

  get #shown() {
    return !part(this, "toast").hidden;
  }

  /** To its first button. */
  focus() {
    this.querySelector("button:not([hidden])").focus();
  }

  // Internal

  #hold(by) {
    this.#held.add(by);
    this.#over.clear();
  }

  #release(by) {
    this.#held.delete(by);
    if (this.#shown && this.#held.size === 0) this.#over.set(SHOWN_FOR);
  }

  #pressed = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.#end();
  };

  #accept() {
    const { action } = this.#offer;
    this.#end();
    action();
  }

  #end() {
    const focused = this.contains(document.activeElement);
    this.#over.clear();
    this.#offer = null;
    if (focused) (this.#before?.isConnected ? this.#before : document.querySelector("roost-composer"))?.focus();
    show(part(this, "toast"), false);
    part(this, "said").textContent = "";
    // What is hidden under the pointer tells nobody that the pointer has left it.
    this.#held.clear();
  }
}

customElements.define("roost-toast", RoostToast);
