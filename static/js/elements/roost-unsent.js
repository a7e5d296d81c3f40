import { app } from "roost/core/app.js";
import { n } from "roost/core/words.js";
import { onAction, part, show, write } from "roost/elements/parts.js";
import { discard } from "roost/elements/timeline/unsent.js";

const SEVERAL = 2;

/** One answer for all messages of the room that could not be sent, when they are several. */
class RoostUnsent extends HTMLElement {
  #stops = [];

  // Lifecycle

  connectedCallback() {
    const draw = () => this.#draw();
    this.#stops = [app.outbox.on("changed", draw), app.place.on("moved", draw)];
    draw();
    onAction(this, {
      "retry-all": () => this.#nonces.forEach((nonce) => app.outbox.retry(nonce)),
      "discard-all": () => discard(this.#nonces),
    });
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
  }

  // Internal

  get #nonces() {
    return app.store.pending(app.place.room).filter(({ failed }) => failed).map(({ nonce }) => nonce);
  }

  #draw() {
    const { length } = this.#nonces;
    show(part(this, "unsent"), length >= SEVERAL);
    if (length < SEVERAL) return;
    write(part(this, "unsent-text"), n("{count} message was not sent.", "{count} messages were not sent.", length));
  }
}

customElements.define("roost-unsent", RoostUnsent);
