import { app } from "roost/core/app.js";
import { clockTime } from "roost/core/times.js";
import { n, t } from "roost/core/words.js";
import { onAction, part, show, write } from "roost/elements/parts.js";

/** The two floating buttons: up to what is new, down to the latest. */
class RoostPills extends HTMLElement {
  #stop = null;

  // Lifecycle

  connectedCallback() {
    this.#stop = app.sight.on("changed", () => this.#draw());
    const timeline = document.querySelector("roost-timeline");
    onAction(this, {
      "jump-unread": () => timeline.jumpToUnread(),
      "mark-read": () => timeline.markRead(),
      "jump-latest": () => timeline.jumpToLatest(),
    });
  }

  disconnectedCallback() {
    this.#stop();
  }

  // Internal

  #draw() {
    const { above, below, far, resting } = app.sight;
    show(part(this, "unread-bar"), above !== null);
    if (above) write(part(this, "unread-text"), newSince(above));
    show(part(this, "latest"), !resting && (far || below > 0));
    part(this, "latest").classList.toggle("is-new", below > 0);
    write(part(this, "latest-text"), below > 0 ? newSince({ count: below, at: null }) : t("Jump to latest"));
  }
}

function newSince({ count, at }) {
  if (at === null) return n("{count} new", "{count} new", count);
  return n("{count} new since {time}", "{count} new since {time}", count, { time: clockTime(at) });
}

customElements.define("roost-pills", RoostPills);
