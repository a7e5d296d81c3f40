import { app } from "roost/core/app.js";
import { Timer } from "roost/core/timer.js";
import { onAction, part, show, write } from "roost/elements/parts.js";

const QUIET = 5_000;
const QUIET_WHEN_ANNOUNCED = 20_000;
const OFFLINE_AFTER = 60_000;
const SECOND = 1_000;

/** The line that says the network is gone: late, calm, and away by itself. */
class RoostBanner extends HTMLElement {
  #stop = null;
  #shown = null;
  #seconds = 0;
  #quiet = new Timer(() => this.#show("reconnecting"));
  #offline = new Timer(() => this.#show("offline"));
  #tick = new Timer(() => this.#count(this.#seconds - 1));

  // Lifecycle

  connectedCallback() {
    this.#stop = app.socket.on("status", () => this.#follow());
    addEventListener("offline", this.#networkGone);
    addEventListener("online", this.#networkBack);
    onAction(this, { reconnect: () => app.socket.hurry() });
    this.#follow();
  }

  disconnectedCallback() {
    this.#stop();
    removeEventListener("offline", this.#networkGone);
    removeEventListener("online", this.#networkBack);
    for (const timer of [this.#quiet, this.#offline, this.#tick]) timer.clear();
  }

  // Internal

  #networkGone = () => this.#show("offline");

  /** The line may have outlived a short gap, so that nothing more is heard of it. */
  #networkBack = () => this.#follow();

  #follow() {
    const { status, announced, delay } = app.socket;
    this.#tick.clear();
    if (status === "live") return this.#hide();
    if (status === "ended") return;
    this.#quiet.setOnce(announced ? QUIET_WHEN_ANNOUNCED : QUIET);
    this.#offline.setOnce(OFFLINE_AFTER);
    if (status === "stopped" || !navigator.onLine) this.#show("offline");
    this.#count(status === "waiting" && !announced ? Math.ceil(delay / SECOND) : 0);
  }

  #hide() {
    this.#quiet.clear();
    this.#offline.clear();
    this.#show(null);
  }

  #show(kind) {
    if (kind === "reconnecting" && this.#shown === "offline") return;
    this.#shown = kind;
    for (const line of this.children) show(line, line.dataset.when === kind);
    document.querySelector('[data-part="app"]').dataset.net = kind === null ? "on" : "off";
  }

  #count(seconds) {
    this.#seconds = seconds;
    show(part(this, "countdown"), seconds > 0);
    write(part(this, "seconds"), String(seconds));
    if (seconds > 0) this.#tick.set(SECOND);
  }
}

customElements.define("roost-banner", RoostBanner);
