import { app } from "roost/core/app.js";
import { onNextFrame } from "roost/core/frame.js";
import { pathOf } from "roost/core/place.js";
import { Timer } from "roost/core/timer.js";
import { isoTime, momentLabel } from "roost/core/times.js";
import { t } from "roost/core/words.js";
import { drawMentions, fillSaid, offerMentioned } from "roost/elements/body.js";
import { fillEgg } from "roost/elements/egg.js";
import { arrange, clone, part, parts, show, write } from "roost/elements/parts.js";

const SOON = 500;

/** What the open room has pinned, the one pinned last first. Asks only while it is shown. */
class RoostPins extends HTMLElement {
  #room = null;
  #pins = null;
  #stops = [];
  #drawSoon = onNextFrame(() => this.isConnected && this.#draw());
  #soon = new Timer(() => this.#ask());
  #size = new ResizeObserver(() => this.#ask());

  connectedCallback() {
    const { place, socket, store } = app;
    this.#stops = [
      place.on("moved", () => this.#ask()),
      store.on("amended", ({ room }) => room === place.room && this.#soon.setOnce(SOON)),
      store.on("people", this.#drawSoon),
      socket.on("status", () => socket.live && this.#ask()),
    ];
    offerMentioned(this, app);
    this.#size.observe(this.firstElementChild);
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.#size.disconnect();
    this.#soon.clear();
  }

  // Internal

  async #ask() {
    const { room } = app.place;
    if (room !== this.#room) this.#pins = null;
    this.#room = room;
    this.#draw();
    if (this.firstElementChild.offsetWidth === 0 || !app.socket.live) return;
    const answer = await app.socket.request({ type: "pin.list", room }).catch(() => null);
    if (!answer || room !== app.place.room) return;
    this.#pins = answer.messages;
    this.#draw();
  }

  #draw() {
    const seen = (this.#pins ?? []).filter(({ author }) => !app.store.blocked.has(author));
    arrange(part(this, "pins"), seen.map((message) => this.#row(message)));
    show(part(this, "no-pins"), this.#pins !== null && seen.length === 0);
  }

  #row(message) {
    const { people, person } = app.store;
    const author = people.get(message.author);
    const row = this.querySelector(`[data-pin="${message.number}"]`) ?? clone("pin-template");
    const scene = { me: person.id, people };
    if (row.dataset.seq !== String(message.seq)) fillSaid(part(row, "body"), message, scene);
    Object.assign(row.dataset, { pin: message.number, seq: message.seq });
    fillEgg(part(row, "egg"), author);
    for (const name of parts(row, "author")) write(name, author.name);
    part(row, "time").dateTime = isoTime(message.at);
    write(part(row, "time"), momentLabel(message.at));
    drawMentions(part(row, "body"), scene);
    write(part(row, "pinned-by"), t("Pinned by {name}", { name: people.get(message.pinned)?.name ?? t("Somebody") }));
    part(row, "open").href = pathOf(app.store.room(this.#room), message.number);
    return row;
  }
}

customElements.define("roost-pins", RoostPins);
