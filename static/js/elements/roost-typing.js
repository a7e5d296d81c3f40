import { app } from "roost/core/app.js";
import { part, show } from "roost/elements/parts.js";

const MOST_NAMES = 2;

/** Who is writing in this room just now. */
class RoostTyping extends HTMLElement {
  #stops = [];

  // Lifecycle

  connectedCallback() {
    this.#stops = [app.store.on("typing", () => this.#draw()), app.place.on("moved", () => this.#draw())];
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
  }

  // Internal

  #draw() {
    const typists = app.store.typists(app.place.room);
    show(part(this, "birds"), typists.length > 0);
    part(this, "typing").replaceChildren(...sentence(typists));
  }
}

function sentence(typists) {
  if (typists.length === 0) return [];
  if (typists.length > MOST_NAMES) return [`${typists.length} people are typing`];
  const names = typists.map(({ name }) => {
    const bold = document.createElement("b");
    bold.append(document.createElement("bdi"));
    bold.firstChild.textContent = name;
    return bold;
  });
  return names.length === 1 ? [names[0], " is typing"] : [names[0], " and ", names[1], " are typing"];
}

customElements.define("roost-typing", RoostTyping);
