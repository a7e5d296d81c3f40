import { app } from "roost/core/app.js";
import { onAction, part, show, write } from "roost/elements/parts.js";

const COUNTED_FROM = 0.9;
const TALLEST = 0.4;
const TYPING_SPAN = 3_000;
const IME_KEY_CODE = 229;

/** Where one writes. It is never disabled: what is written goes to the outbox, whatever the network does. */
class RoostComposer extends HTMLElement {
  #room = null;
  #stops = [];
  #typedAt = -Infinity;

  // Lifecycle

  connectedCallback() {
    this.#stops = [
      app.place.on("moved", ({ room }) => this.#show(room)),
      app.store.on("rooms", () => this.#label()),
    ];
    this.text.addEventListener("input", this.#changed);
    this.text.addEventListener("keydown", this.#pressed);
    part(this, "form").addEventListener("submit", (event) => event.preventDefault());
    onAction(this, { send: () => this.#submit() });
    this.#show(app.place.room ?? app.boot.room);
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.text.removeEventListener("input", this.#changed);
    this.text.removeEventListener("keydown", this.#pressed);
  }

  // Actions

  get text() {
    return part(this, "text");
  }

  /** Puts a text that was not sent before what is being written. */
  takeBack(text) {
    this.#fill(this.text.value ? `${text}\n${this.text.value}` : text);
    app.drafts.write(this.#room, this.text.value);
    this.text.focus();
  }

  /** Focus and, when a key is on its way, that key too. */
  focus() {
    this.text.focus({ preventScroll: true });
  }

  // Internal

  #show(room) {
    if (room === this.#room) return;
    this.#room = room;
    this.#fill(app.drafts.read(room));
    this.#label();
    if (!isTouch()) this.focus();
  }

  #label() {
    const room = app.store.room(this.#room);
    if (room) this.text.placeholder = `Message #${room.name}`;
  }

  #changed = () => {
    app.drafts.write(this.#room, this.text.value);
    this.#fit();
    this.#tellTyping();
  };

  #pressed = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.altKey || composes(event)) return;
    // On a touch keyboard Return is a new line, and the button sends.
    if (isTouch() && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.#submit();
  };

  #submit() {
    const text = this.text.value.trim();
    if (text === "" || lengthOf(text) > app.store.textLimit) return;
    app.outbox.add(this.#room, text);
    this.#fill("");
    app.drafts.write(this.#room, "");
    app.drafts.flush();
    this.#typedAt = -Infinity;
    document.querySelector("roost-timeline").jumpToLatest();
    this.focus();
  }

  #fill(text) {
    this.text.value = text;
    this.#fit();
  }

  #fit() {
    this.#grow();
    const length = lengthOf(this.text.value.trim());
    const limit = app.store.textLimit;
    const ready = length > 0 && length <= limit;
    part(this, "send").classList.toggle("is-ready", ready);
    part(this, "send").setAttribute("aria-disabled", String(!ready));
    show(part(this, "counter"), length >= limit * COUNTED_FROM);
    part(this, "counter").classList.toggle("is-over", length > limit);
    write(part(this, "counter"), `${length.toLocaleString("en")} / ${limit.toLocaleString("en")}`);
  }

  /** Where CSS cannot (field-sizing). */
  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, innerHeight * TALLEST)}px`;
  }

  #tellTyping() {
    if (this.text.value.trim() === "" || performance.now() - this.#typedAt < TYPING_SPAN) return;
    this.#typedAt = performance.now();
    app.live.type(this.#room);
  }
}

/** Enter then belongs to the input method. Safari ends the composition before the key comes, but keeps the old code. */
function composes(event) {
  return event.isComposing || event.keyCode === IME_KEY_CODE;
}

function isTouch() {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}

/** Characters as the server counts them. */
function lengthOf(text) {
  return text.length <= app.store.textLimit * COUNTED_FROM ? text.length : [...text].length;
}

customElements.define("roost-composer", RoostComposer);
