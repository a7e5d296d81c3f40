import { post } from "roost/core/post.js";
import { momentLabel, shortDay } from "roost/core/times.js";
import { t } from "roost/core/words.js";
import { onAction, part, parts, show, write } from "roost/elements/parts.js";
import { dress } from "roost/features/appearance.js";

const GONE = 404;

/** The pages of the settings: what is chosen holds at once, here and on every device of the person. */
class RoostSettings extends HTMLElement {
  /** The preferences as the server has them. */
  #kept = null;
  #underWay = 0;
  /** One after the other, or an earlier choice could overtake a later one. */
  #turn = Promise.resolve();

  // Lifecycle

  connectedCallback() {
    this.addEventListener("input", this.#tried);
    this.addEventListener("change", this.#chosen);
    this.addEventListener("submit", this.#submitted);
    onAction(this, { "allow-notifications": () => this.#askBrowser(), "copy-link": () => this.#copyLink() });
    for (const button of parts(this, "copy")) show(button, true);
    for (const time of parts(this, "date")) write(time, shortDay(Date.parse(time.dateTime)));
    for (const time of parts(this, "moment")) write(time, momentLabel(Date.parse(time.dateTime)));
    this.#showPermission();
    // On a phone the row of pages is wider than the screen.
    this.querySelector(".nav[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#tried);
    this.removeEventListener("change", this.#chosen);
    this.removeEventListener("submit", this.#submitted);
  }

  // Actions

  /** The server says what is chosen. */
  follow(preferences) {
    this.#kept = preferences;
    if (this.#underWay === 0) this.#draw();
  }

  /** Somebody came to the door, or was reported, or was answered, perhaps by somebody else of the team. */
  lookAtQueue(type) {
    const queue = part(this, "queue");
    if (queue?.dataset.of !== type) return;
    if (queue.contains(document.activeElement)) this.say(t("The queue has changed. Load the page again to see it."));
    else location.replace(location.pathname);
  }

  /** A new text each time, so that a screen reader says it each time. */
  say(text) {
    part(this, "said").replaceChildren(text);
  }

  // Internal

  #draw() {
    dress(this.#kept);
    for (const control of this.#controls()) set(control, String(this.#kept[control.name]));
    this.#sayNumber();
  }

  #controls() {
    return this.querySelectorAll('[data-part="preferences"] [name]:not([type="hidden"])');
  }

  /** A look is seen at once, and a size while it is being looked for. */
  #tried = ({ target }) => {
    if (target.form?.dataset.part !== "preferences") return;
    dress({ ...this.#kept, [target.name]: target.type === "checkbox" ? target.checked : target.value });
    this.#sayNumber();
  };

  #sayNumber() {
    const range = part(this, "size");
    range?.setAttribute("aria-valuetext", t("{size} pixels", { size: Number(range.value) }));
  }

  #chosen = ({ target }) => {
    if (target.form?.dataset.part === "preferences") this.#save(target.form, target.name);
  };

  async #save(form, name) {
    // Of a switch there is the hidden "off" first.
    const value = new FormData(form).getAll(name).at(-1);
    this.#underWay += 1;
    this.#turn = this.#turn.then(() => post(form, { [name]: value }));
    const { data, problem } = await this.#turn;
    this.#underWay -= 1;
    if (name === "language" && !problem) return location.replace(`${location.pathname}?saved`);
    this.say(problem ? t("Not saved. {reason}", { reason: problem }) : t("Saved"));
    this.follow(data?.preferences ?? this.#kept);
  }

  /** What answers with a file or another page is the browser's own to send. */
  #submitted = (event) => {
    const { part: form } = event.target.dataset;
    if (form === "preferences" || form === "devices") event.preventDefault();
    if (form === "devices") this.#signOut(event.target, event.submitter);
  };

  async #signOut(form, button) {
    const { status, problem } = await post(form, { [button.name]: button.value });
    if (problem && status !== GONE) return this.say(problem);
    const others = [...form.querySelectorAll("li")].filter((row) => row.querySelector("button"));
    const gone = button.value === "others" ? others : [button.closest("li")];
    for (const row of gone) row.remove();
    if (!form.querySelector("[name=token]")) for (const each of parts(form, "programs")) each.remove();
    if (gone.length === others.length) part(form, "others").remove();
    part(form, "heading").focus();
    this.say(t("Signed out"));
  }

  async #copyLink() {
    const { value, dataset } = part(this, "link");
    try {
      await navigator.clipboard.writeText(value);
      this.say(dataset.said ?? t("Link copied."));
    } catch {
      this.say(t("The browser did not let us copy. Select the text and copy it by hand."));
    }
  }

  async #askBrowser() {
    await Notification.requestPermission();
    this.#showPermission();
  }

  #showPermission() {
    const permission = window.Notification?.permission;
    for (const note of parts(this, "permission")) show(note, note.dataset.when === permission);
  }

}

function set(control, value) {
  if (control.type === "radio" || control.type === "checkbox") control.checked = control.value === value;
  else control.value = value;
}

customElements.define("roost-settings", RoostSettings);
