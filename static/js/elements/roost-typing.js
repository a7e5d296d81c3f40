import { appOf } from "roost/core/app.js";
import { n, t, weave } from "roost/core/words.js";
import { part, show } from "roost/elements/parts.js";

const MOST_NAMES = 2;

/** Who is writing in this room just now. */
class RoostTyping extends HTMLElement {
  #stops = [];

  // Lifecycle

  connectedCallback() {
    const { place, store } = appOf(this);
    const draw = () => this.#draw(store.typists(place.room));
    this.#stops = [store.on("typing", draw), place.on("moved", draw)];
    draw();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
  }

  // Internal

  #draw(typists) {
    show(part(this, "birds"), typists.length > 0);
    part(this, "typing").replaceChildren(...sentence(typists));
  }
}

function sentence(typists) {
  if (typists.length === 0) return [];
  if (typists.length > MOST_NAMES) {
    return [n("{count} person is typing", "{count} people are typing", typists.length)];
  }
  const [one, other] = typists.map(bold);
  return other ? weave(t("{one} and {other} are typing"), { one, other }) : weave(t("{one} is typing"), { one });
}

function bold({ name }) {
  const element = document.createElement("b");
  element.append(document.createElement("bdi"));
  element.firstChild.textContent = name;
  return element;
}

customElements.define("roost-typing", RoostTyping);
